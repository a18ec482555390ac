using Microsoft.Win32.SafeHandles;

namespace SegNeXt.Core;

/// <summary>
/// An open file as a store: any size, read on demand, by several threads at once. A file that is replaced by renaming, as
/// <see cref="AtomicFile"/> does, stays readable as it was.
/// </summary>
/// <remarks>Read by calls, not mapped into memory: a file that somebody cuts short, or a disk that fails, is an exception then and not the end of the process.</remarks>
internal sealed class StoredFile : ByteStore
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private StoredFile(string path, SafeFileHandle file, long length) => (_path, _file, Length) = (path, file, length);

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">There is no such file, it is a folder, empty, a pipe, or cannot be read.</exception>
    public static StoredFile Open(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException($"{MessageText.Quote(path)} is not the path of a file.");
        }

        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: this is a folder, a weight file was expected.");
        }

        RegularFile.Require(path);
        SafeFileHandle? file = null;
        long length;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            length = RandomAccess.GetLength(file);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            file?.Dispose();
            throw FileErrors.Wrap(path, error);
        }

        if (length == 0)
        {
            file.Dispose();
            throw new InputException($"{path}: the file is empty.");
        }

        return new StoredFile(path, file, length);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The file has become shorter, or cannot be read there.</exception>
    public override void Read(long offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        try
        {
            while (!destination.IsEmpty)
            {
                int count = RandomAccess.Read(_file, destination, offset);
                if (count == 0)
                {
                    throw new InputException($"{_path}: the file has become shorter while it was read: it ends at byte {offset} of {Length}.");
                }

                offset += count;
                destination = destination[count..];
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(_path, error);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
