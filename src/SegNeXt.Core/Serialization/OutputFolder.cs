namespace SegNeXt.Core;

/// <summary>Makes the folders that results go to.</summary>
public static class OutputFolder
{
    /// <summary>Makes a folder, and those above it, unless it is there.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">A file is in the way, access is denied, or no space is left.</exception>
    public static void Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException($"{MessageText.Quote(path)} is not the path of a folder.");
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // The system's own words are about files that exist already, or are not there.
            if (FileInTheWay(path) is { } file)
            {
                throw new InputException($"{path}: this folder cannot be made, because {file} is a file.", error);
            }

            throw error is FileNotFoundException or DirectoryNotFoundException
                ? new InputException($"{path}: this folder cannot be made there.", error)
                : FileErrors.Wrap(path, error);
        }
    }

    private static string? FileInTheWay(string path)
    {
        for (string? part = path; !string.IsNullOrEmpty(part); part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                return part;
            }
        }

        return null;
    }
}
