using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>The weights that come with the program, for <c>predict</c> without <c>--weights</c>.</summary>
internal static class ShippedModel
{
    /// <summary>The file's name: SegNeXt-T for street scenes, in half precision.</summary>
    public const string FileName = "segnext-t-camvid.safetensors";

    /// <summary>Environment variable that names the folder of models.</summary>
    public const string FolderVariable = "SEGNEXT_MODELS";

    private const string Folder = "models";

    /// <summary>The path of the file, which is said: nobody named it.</summary>
    /// <param name="terminal">Where to.</param>
    /// <exception cref="InputException">It is not there.</exception>
    public static string RequireAndTell(Terminal terminal)
    {
        string path = Require();
        terminal.Note($"no --weights given: using {path}, the model that comes with the program");
        return path;
    }

    /// <summary>The path of the file.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public static string Require() => Require(AppContext.BaseDirectory, Environment.GetEnvironmentVariable(FolderVariable));

    /// <summary>The path of the file.</summary>
    /// <param name="program">The program's folder; the file is looked for in a <c>models</c> folder there and in each folder above.</param>
    /// <param name="models">The folder of models where one was named; then nowhere else is looked.</param>
    /// <exception cref="InputException">It is not there.</exception>
    public static string Require(string program, string? models)
    {
        if (!string.IsNullOrEmpty(models))
        {
            string named = Path.Combine(models, FileName);
            return File.Exists(named)
                ? named
                : throw new InputException($"{FolderVariable} is {models}, but there is no {FileName} in it; say which weights to use with --weights W.");
        }

        for (DirectoryInfo? folder = new(program); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, Folder, FileName);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new InputException($"The model that comes with the program ({Folder}/{FileName}) is not there; say which weights to use with --weights W.");
    }
}
