using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Writes files wholly or not at all.</summary>
public static class OutputFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Writes a file under a temporary name in the same folder, flushes it to the disk, and renames it over what is
    /// there. Whatever fails, an older file of that name is left as it was and the temporary one is removed.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InputException">The file cannot be written: no space, no such folder, no permission.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new IOException("it is a folder");
            string name = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using (FileStream stream = new(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                temporary = name;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            temporary = null;
        }
        catch (DirectoryNotFoundException e)
        {
            throw new InputException($"{path} cannot be written: its folder does not exist.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputException(Directory.Exists(path) ? $"{path} cannot be written: it is a folder." : $"{path} may not be written by this user.", e);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new InputException($"{path} cannot be written: {Reason(e)}.", e);
        }
        finally
        {
            Remove(temporary);
        }
    }

    /// <summary>What the system said, without the temporary name that it mentions.</summary>
    private static string Reason(Exception error)
    {
        string message = error.Message;
        int mention = message.IndexOf(" : '", StringComparison.Ordinal);
        return (mention < 0 ? message : message[..mention]).TrimEnd('.');
    }

    private static void Remove(string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is on its way to the user.
        }
    }
}
