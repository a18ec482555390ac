using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Looks into a data set's folder.</summary>
internal static class FolderList
{
    /// <summary>Refuses what is no folder.</summary>
    /// <exception cref="InputException">It is missing or a file.</exception>
    public static void Require(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (!Directory.Exists(root))
        {
            string fault = File.Exists(root) ? "is a file; a data set is a folder" : "there is no such folder";
            throw new InputException($"{root}: {fault}.");
        }
    }

    /// <summary>Names of the folders in a folder, in order, without hidden ones; none where there is no such folder.</summary>
    /// <exception cref="InputException">The folder cannot be listed.</exception>
    public static string[] SubFolders(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>().Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be listed: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Whether a folder holds a file whose name ends so; false where there is no such folder or it cannot be listed.</summary>
    public static bool HasFile(string folder, string suffix)
    {
        try
        {
            return Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"*{suffix}").Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The first of several folders below a root that there is, or null.</summary>
    public static string? FirstOf(string root, params string[] folders) =>
        folders.Select(folder => Path.Combine(root, folder)).FirstOrDefault(Directory.Exists);
}
