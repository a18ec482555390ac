using System.Buffers.Binary;
using System.Security.Cryptography;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Whole files, and short names for what is in them.</summary>
internal static class FileBytes
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is too large to be a picture.</exception>
    public static byte[] Read(string path) => InputFile.Read(path, stream =>
    {
        if (stream.Length > 1 << 30)
        {
            throw new InputException($"{path} is larger than 1 GB and so is no picture.");
        }

        byte[] data = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        int length = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        return length == data.Length ? data : data[..length];
    });

    /// <summary>Half of a SHA-256 over a size and bytes: equal for equal content, and only then as far as anyone will ever see.</summary>
    public static UInt128 Hash(int width, int height, ReadOnlySpan<byte> data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], height);
        hash.AppendData(size);
        hash.AppendData(data);
        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return BinaryPrimitives.ReadUInt128LittleEndian(result);
    }

    /// <summary>An error's sentence without the path it begins with, since the path stands beside it.</summary>
    public static string Fault(string path, InputException error)
    {
        string message = error.Message;
        return (message.StartsWith(path, StringComparison.Ordinal) ? message[path.Length..] : message).TrimStart(':', ' ').TrimEnd('.');
    }
}
