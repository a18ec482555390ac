using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Reads a configuration file together with the files that it builds on.</summary>
internal static class ConfigFiles
{
    /// <summary>The key that names the files a file builds on.</summary>
    public const string BaseKey = "base";

    private const long MaxBytes = 1 << 20;
    private const int MaxDepth = 16;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The merged keys of a file: its bases in their order, then its own.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">A file cannot be used, or a base leads back to itself.</exception>
    public static ConfigLayer Read(string path) => Read(path, referrer: null, []);

    private static ConfigLayer Read(string path, string? referrer, List<string> above)
    {
        string full = Path.GetFullPath(path);
        if (above.Contains(full))
        {
            throw new InputException($"{referrer}: base '{path}' leads back to itself.");
        }

        if (above.Count >= MaxDepth)
        {
            throw new InputException($"{referrer}: more than {MaxDepth} files build on each other.");
        }

        (List<(string Path, string Origin)> bases, ConfigLayer own) = ConfigYaml.ReadFile(ReadText(path, referrer), path);
        List<string> chain = [.. above, full];
        ConfigLayer layer = new();
        foreach ((string name, string origin) in bases)
        {
            layer.Override(Read(Resolve(path, name), origin, chain));
        }

        layer.Override(own);
        return layer;
    }

    /// <summary>A base's path, relative to the file that names it; shown to users, so it stays short.</summary>
    private static string Resolve(string file, string name)
    {
        string full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, name));
        return Path.IsPathRooted(file) ? full : Path.GetRelativePath(Environment.CurrentDirectory, full);
    }

    private static string ReadText(string path, string? referrer)
    {
        string named = referrer is null ? path : $"{referrer}: base '{path}'";
        try
        {
            if (Directory.Exists(path))
            {
                throw new InputException($"{named}: is a folder, not a configuration file.");
            }

            if (!File.Exists(path))
            {
                throw new InputException($"{named}: there is no such file.");
            }

            if (!RegularFile.IsReadable(path))
            {
                throw new InputException($"{named}: the file is empty, or it is a pipe or a device.");
            }

            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new InputException($"{named}: is larger than {MaxBytes >> 20} MB and so is no configuration.");
            }

            return s_strictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"{named}: is not text in UTF-8.", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(named, exception);
        }
    }
}
