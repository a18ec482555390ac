using System.Text;

namespace SegNeXt.Core;

/// <summary>Writes files so that nobody ever sees half of one, whatever goes wrong in between.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes into a temporary file in the same folder, flushes it to the disk, then renames it to the path, which
    /// replaces a file of that name. If anything fails, the temporary file is removed and an older file stays as it was.
    /// </summary>
    /// <param name="path">Where the file goes; its folder must exist. A symbolic link is followed.</param>
    /// <param name="write">Writes the content into the stream that it is given.</param>
    /// <exception cref="InputException">The folder is missing or not writable, or no space is left.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = "";
        try
        {
            string target = FinalTarget(path);
            string folder = Path.GetDirectoryName(target) ?? throw new InputException($"{path}: this is a folder, not a file to write.");

            // Not longer than need be: with the target's name in it, a name of the longest length that is allowed would fail.
            string name = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using (FileStream stream = new(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                temporary = name;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            temporary = "";
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(path, error);
        }
        finally
        {
            Remove(temporary);
        }
    }

    /// <summary>Writes a text as UTF-8 without a mark at its beginning, wholly or not at all.</summary>
    /// <param name="path">Where the file goes; its folder must exist.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="InputException">The folder is missing or not writable, or no space is left.</exception>
    public static void WriteText(string path, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(path, stream => stream.Write(bytes));
    }

    private static string FinalTarget(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || Path.EndsInDirectorySeparator(path))
        {
            throw new InputException($"{MessageText.Quote(path)} is not the path of a file to write.");
        }

        string full = Path.GetFullPath(path);
        if (new FileInfo(full).LinkTarget is not null)
        {
            full = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }

        if (Directory.Exists(full))
        {
            throw new InputException($"{path}: this is a folder, not a file to write.");
        }

        // Renaming over a device node would replace it for the whole system.
        if (!OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
        {
            throw new InputException($"{path}: this is a device, not a file to write.");
        }

        return full;
    }

    private static void Remove(string temporary)
    {
        if (temporary.Length == 0)
        {
            return;
        }

        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // The first error is the one to report; a disk that refuses even this has said so already.
        }
    }
}
