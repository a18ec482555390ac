namespace SegNeXt.Core;

/// <summary>
/// The bytes of a zip entry, which are compared with their checksum before the first of them is handed out. A damaged
/// file is thus found, and one of which little is wanted is not read whole. For one thread at a time.
/// </summary>
internal sealed class ChecksummedStore(ByteStore bytes, ZipEntry entry, string path) : ByteStore
{
    private const int ChunkBytes = 1 << 16;
    private bool _isGood;

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    /// <exception cref="InputException">The bytes are not those that were written.</exception>
    public override void Read(long offset, Span<byte> destination)
    {
        if (!_isGood && Checksum() != entry.Checksum)
        {
            throw new InputException($"{path}: entry {MessageText.Quote(entry.Name)} is damaged: its checksum does not fit.");
        }

        _isGood = true;
        bytes.Read(offset, destination);
    }

    private uint Checksum()
    {
        byte[] buffer = new byte[Math.Min(ChunkBytes, Length)];
        uint checksum = 0;
        for (long offset = 0; offset < Length; offset += buffer.Length)
        {
            Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - offset));
            bytes.Read(offset, chunk);
            checksum = Crc32.Append(checksum, chunk);
        }

        return checksum;
    }
}
