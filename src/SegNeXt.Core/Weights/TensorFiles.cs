using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>Opens weight files of whatever known form, told by their first bytes and not by their names.</summary>
public static class TensorFiles
{
    /// <summary>Opens a safetensors file or a PyTorch checkpoint (zip or legacy form).</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="InputException">The file is missing, empty, damaged, or neither; the message says what it looks like.</exception>
    public static ITensorSource Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] start;
        long length;
        using (StoredFile store = StoredFile.Open(path))
        {
            length = store.Length;
            start = new byte[Math.Min(length, 512)];
            store.Read(0, start);
        }

        if (start is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] || LegacyCheckpoint.Matches(start))
        {
            return PthFile.Open(path);
        }

        // The extension decides only whose message a damaged file gets.
        bool named = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        if (LooksLikeSafetensors(start, length) || (named && Describe(start) is null))
        {
            return SafetensorsFile.Open(path);
        }

        throw new InputException($"{path} is neither safetensors nor a PyTorch checkpoint: it {Describe(start) ?? $"begins with {MessageText.Beginning(start)}"}.");
    }

    private static bool LooksLikeSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length > 8 && start[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) < (ulong)length;

    private static string? Describe(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("version https://git-lfs"u8))
        {
            return "is a Git LFS pointer; fetch the real file with 'git lfs pull'";
        }

        if (start.TrimStart(" \t\r\n"u8) is [(byte)'<', ..])
        {
            return $"begins with {MessageText.Beginning(start.TrimStart(" \t\r\n"u8))}, so it looks like a web page and not like the download that was meant";
        }

        return start switch
        {
            [0x80, >= 1 and <= 5, ..] => "is a Python pickle, but not one that torch.save wrote",
            [0x1f, 0x8b, ..] => "is a gzip archive; unpack it first",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "is a zstd archive; unpack it first",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "is an HDF5 file",
            [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "is a GGUF file",
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "is a NumPy array",
            _ when start.Length > 262 && start.Slice(257, 5).SequenceEqual("ustar"u8) => "is a tar archive; checkpoints in that form are from before PyTorch 0.2",
            _ => null,
        };
    }
}
