namespace SegNeXt.Core;

/// <summary>Tells files from pipes and devices before they are opened: opening a pipe waits for its other end, perhaps forever.</summary>
public static class RegularFile
{
    /// <summary>
    /// Refuses what is there but has no bytes to read: an empty file, a pipe, a device. They have the length 0 in common,
    /// which is asked of the file's entry alone; nothing is opened. A path that leads nowhere, and a folder, are left to
    /// whoever opens it and has the words for it.
    /// </summary>
    /// <param name="path">The file as the user named it; symbolic links are followed.</param>
    /// <exception cref="InputException">It is empty, or no regular file.</exception>
    public static void Require(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!IsReadable(path))
        {
            throw new InputException($"{path}: the file is empty, or it is a pipe or a device.");
        }
    }

    /// <summary>Whether there may be something to read: false for what <see cref="Require"/> refuses.</summary>
    /// <param name="path">The file as the user named it.</param>
    public static bool IsReadable(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (!File.Exists(path))
            {
                return true;
            }

            // A link's own length is that of its text. One of /dev/fd leads to a pipe by a name that no file has.
            FileSystemInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
            return file is FileInfo { Exists: true, Length: > 0 };
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return true;
        }
    }
}
