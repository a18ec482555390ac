using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Tells a PNG file that was written to its end from one that is none, or broke off.</summary>
internal static class PngEnd
{
    /// <summary>The chunk that ends every PNG file: no content, its type, its checksum.</summary>
    private static ReadOnlySpan<byte> EndChunk => [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Whether the file is there, a PNG of the expected size, and ends as one.</summary>
    public static bool IsWhole(ExpectedPng expected)
    {
        if (!File.Exists(expected.Path))
        {
            return false;
        }

        try
        {
            (int, int) size = ImageFile.ReadSize(expected.Path);
            return (expected.Size is not { } wanted || wanted == size) && InputFile.Read(expected.Path, EndsWell);
        }
        catch (InputException)
        {
            // Whatever it is, it is made anew.
            return false;
        }
    }

    private static bool EndsWell(FileStream stream)
    {
        Span<byte> end = stackalloc byte[EndChunk.Length];
        if (stream.Length < end.Length)
        {
            return false;
        }

        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        return end.SequenceEqual(EndChunk);
    }
}
