using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>One kind of files of a data set, the pictures or the labels: where they are and how their names end.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="What">What they are called in messages, in the plural: "images", "labels".</param>
/// <param name="Suffixes">How their names end, in either case; what stands before is the name that pairs files.</param>
internal sealed record FileKind(string Folder, string What, params string[] Suffixes)
{
    /// <summary>Whether they lie one folder deeper, as Cityscapes' in those of the cities.</summary>
    public bool InSubFolders { get; init; }

    /// <summary>Whether, of files of one name, that of the first suffix is taken; without it two are a fault.</summary>
    public bool FirstSuffixWins { get; init; }

    /// <summary>Endings of other files in the folder, which are passed over.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>What to do where the folder is missing, to follow a semicolon; empty for nothing in particular.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The suffixes as a message lists them.</summary>
    public string SuffixList => Suffixes.Length == 1 ? Suffixes[0] : $"{string.Join(", ", Suffixes[..^1])} or {Suffixes[^1]}";

    /// <summary>The files by their names without suffix, in order. Hidden files and folders are not looked at.</summary>
    /// <exception cref="InputException">The folder is missing or cannot be listed, or two files have one name.</exception>
    public SortedDictionary<string, string> List()
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        try
        {
            foreach (string folder in InSubFolders ? FolderList.SubFolders(Folder).Select(name => Path.Combine(Folder, name)) : [Folder])
            {
                foreach (string path in Directory.EnumerateFiles(folder))
                {
                    Take(path, files);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string fault = e is DirectoryNotFoundException ? "there is no such folder" : $"cannot be listed: {e.Message.TrimEnd('.')}";
            throw new InputException($"{Folder}: {fault}{(Remedy.Length > 0 ? $"; {Remedy}" : "")}.", e);
        }

        return files;
    }

    private void Take(string path, SortedDictionary<string, string> files)
    {
        string name = Path.GetFileName(path);
        int suffix = SuffixOf(name);
        if (suffix < 0)
        {
            return;
        }

        string stem = name[..^Suffixes[suffix].Length];
        if (files.TryAdd(stem, path))
        {
            return;
        }

        if (!FirstSuffixWins || Path.GetDirectoryName(files[stem]) != Path.GetDirectoryName(path))
        {
            (string a, string b) = string.CompareOrdinal(files[stem], path) < 0 ? (files[stem], path) : (path, files[stem]);
            throw new InputException($"{a} and {Path.GetFileName(b)}: two {What} with one name, '{stem}', cannot be told apart.");
        }

        if (suffix < SuffixOf(Path.GetFileName(files[stem])))
        {
            files[stem] = path;
        }
    }

    /// <summary>Which of the suffixes a name ends in; −1 for none, hidden files and those of another kind.</summary>
    public int SuffixOf(string name)
    {
        bool isOther = name.StartsWith('.') || Except.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
        return isOther
            ? -1
            : Array.FindIndex(Suffixes, suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }
}
