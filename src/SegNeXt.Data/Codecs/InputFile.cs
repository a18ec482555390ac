using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Opens a file that the user named, and turns what the system says into one sentence.</summary>
internal static class InputFile
{
    /// <summary>Runs <paramref name="read"/> on the opened file.</summary>
    /// <exception cref="InputException">The file is missing, empty, a folder, a pipe, forbidden, or fails while it is read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        RegularFile.Require(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return read(stream);
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(path, e);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
