namespace SegNeXt.Core;

/// <summary>Bytes that are read by position: an open file, a part of one, or an array.</summary>
internal abstract class ByteStore : IDisposable
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills the span with the bytes from the offset on; the range must lie inside.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>A part of this store; disposing the part does nothing.</summary>
    public ByteStore Slice(long offset, long length) => new Part(this, offset, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the store holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Throws unless the range lies inside the store.</summary>
    protected void CheckRange(long offset, int count)
    {
        if (offset < 0 || offset > Length - count)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{count} bytes from there on leave a store of {Length}.");
        }
    }

    private sealed class Part : ByteStore
    {
        private readonly ByteStore _whole;
        private readonly long _offset;

        public Part(ByteStore whole, long offset, long length)
        {
            if (offset < 0 || length < 0 || offset > whole.Length - length)
            {
                throw new ArgumentOutOfRangeException(nameof(offset));
            }

            (_whole, _offset, Length) = (whole, offset, length);
        }

        public override long Length { get; }

        public override void Read(long offset, Span<byte> destination)
        {
            CheckRange(offset, destination.Length);
            _whole.Read(_offset + offset, destination);
        }
    }
}

/// <summary>An array as a store.</summary>
internal sealed class ArrayStore(byte[] bytes) : ByteStore
{
    /// <inheritdoc/>
    public override long Length => bytes.LongLength;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
    }
}

/// <summary>A store as a stream to read once from its beginning.</summary>
internal sealed class ByteStoreStream(ByteStore store) : Stream
{
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => store.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, store.Length - _position);
        store.Read(_position, buffer[..count]);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
