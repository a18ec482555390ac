using System.IO.MemoryMappedFiles;

namespace SegNeXt.Core;

/// <summary>
/// A file mapped into memory for reading: any size, read on demand, and shared with other processes through the
/// system's page cache. A file that is replaced by renaming, as <see cref="AtomicFile"/> does, stays readable as it was.
/// </summary>
internal sealed class MappedFile : ByteStore
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, long length) =>
        (_file, _view, Length) = (file, view, length);

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="InputException">There is no such file, it is a folder, empty, a pipe, or cannot be read.</exception>
    public static MappedFile Open(string path)
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
        MemoryMappedFile? file = null;
        try
        {
            FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
            long length = stream.Length;
            if (length == 0)
            {
                stream.Dispose();
                throw new InputException($"{path}: the file is empty.");
            }

            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            file?.Dispose();
            throw FileErrors.Wrap(path, error);
        }
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, destination);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _view.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
