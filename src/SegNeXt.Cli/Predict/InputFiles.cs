using System.IO.Enumeration;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>What the PATHs of a command line stand for: files, folders (one level deep) and patterns.</summary>
/// <param name="Files">The files, each once, in the order given; a folder's and a pattern's sorted by name.</param>
/// <param name="Problems">One sentence for each path that stands for nothing.</param>
internal sealed record InputFiles(IReadOnlyList<string> Files, IReadOnlyList<string> Problems)
{
    /// <summary>Suffixes of the pictures that a folder or a pattern brings; a file named by itself may have any.</summary>
    private static readonly string[] s_suffixes = [".jpg", ".jpeg", ".png"];

    /// <summary>Expands paths.</summary>
    /// <param name="paths">Files, folders of pictures, or patterns whose last part holds <c>*</c> or <c>?</c> and that the shell left as they were.</param>
    /// <exception cref="InputException">Not one file is left.</exception>
    public static InputFiles Expand(IReadOnlyList<string> paths)
    {
        List<string> files = [];
        List<string> problems = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            IReadOnlyList<string> found = ExpandOne(path, out string problem);
            if (found.Count == 0)
            {
                problems.Add(problem);
            }

            files.AddRange(found.Where(file => seen.Add(Path.GetFullPath(file))));
        }

        return files.Count > 0 || paths.Count == 0
            ? new InputFiles(files, problems)
            : throw new InputException(problems.Count > 0 ? problems[0] : "No picture was given.");
    }

    /// <summary>Whether a file name ends as pictures' names do.</summary>
    /// <param name="path">The file's name or path.</param>
    public static bool IsPicture(string path) => s_suffixes.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> ExpandOne(string path, out string problem)
    {
        problem = $"{path}: there is no such file or folder.";
        if (Directory.Exists(path))
        {
            problem = $"{path}: the folder holds no {string.Join(", ", s_suffixes[..^1])} or {s_suffixes[^1]} file.";
            return Pictures(path, "*", ref problem);
        }

        if (Path.Exists(path))
        {
            return [path];
        }

        string pattern = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        if (pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder))
        {
            problem = $"{path}: no picture matches.";
            return Pictures(folder, pattern, ref problem);
        }

        return [];
    }

    private static IReadOnlyList<string> Pictures(string folder, string pattern, ref string problem)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder)
                    .Where(file => (IsPicture(file) || (VideoInput.IsVideo(pattern) && VideoInput.IsVideo(file))) && FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            problem = $"{folder}: the folder cannot be listed: {error.Message.TrimEnd('.')}.";
            return [];
        }
    }
}
