using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What a JPEG's frame header says: the size, the process and the components.</summary>
internal sealed record JpegFrame(byte Marker, int Precision, int Width, int Height, int Components, long Blocks)
{
    private const byte Progressive = 0xC2;

    /// <summary>Whether the coefficients come in several refining scans.</summary>
    public bool IsProgressive => Marker == Progressive;

    /// <summary>Whether a marker starts a frame: SOF0 to SOF15, and JPEG-LS's; the gaps in the row are DHT, JPG and DAC.</summary>
    public static bool IsFrameMarker(byte marker) => marker is (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) or 0xF7;

    /// <summary>Reads a frame header and refuses the kinds that cannot be decoded here.</summary>
    /// <exception cref="InputException">The header is malformed, or of a kind that is not read.</exception>
    public static JpegFrame Parse(byte marker, ReadOnlySpan<byte> content, string name)
    {
        string? kind = marker switch
        {
            0xC0 or 0xC1 or Progressive => null,
            0xC3 => "a lossless JPEG",
            0xC5 or 0xC6 or 0xC7 => "a hierarchical JPEG",
            0xC9 or 0xCA => "an arithmetic-coded JPEG",
            0xCB => "a lossless arithmetic-coded JPEG",
            0xF7 => "a JPEG-LS picture",
            _ => "a hierarchical arithmetic-coded JPEG",
        };
        if (kind is not null)
        {
            throw new InputException($"{name} is {kind}; baseline and progressive JPEG with Huffman coding are read.");
        }

        if (content.Length < 6 || content.Length != 6 + 3 * content[5])
        {
            throw new InputException($"{name} is damaged: its JPEG frame header has a wrong length.");
        }

        int precision = content[0];
        if (precision != 8)
        {
            throw new InputException($"{name} is a {precision}-bit JPEG; 8-bit JPEG is read.");
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        if (width == 0 || height == 0)
        {
            throw new InputException($"{name} is damaged: its JPEG header claims {width}×{height} pixels.");
        }

        int components = content[5];
        if (components is not (1 or 3 or 4))
        {
            throw new InputException($"{name} has {components} colour components; JPEG pictures with 1 (grey), 3 (colour) or 4 (CMYK) are read.");
        }

        return new JpegFrame(marker, precision, width, height, components, CountBlocks(width, height, content[6..], name));
    }

    /// <summary>The 8×8 blocks that hold the picture, by the components' sampling factors (T.81, A.1.1 and A.2.2).</summary>
    private static long CountBlocks(int width, int height, ReadOnlySpan<byte> components, string name)
    {
        int maxH = 1;
        int maxV = 1;
        for (int i = 0; i < components.Length; i += 3)
        {
            int h = components[i + 1] >> 4;
            int v = components[i + 1] & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4)
            {
                throw new InputException($"{name} is damaged: its JPEG header gives the sampling factors {h}×{v}.");
            }

            maxH = Math.Max(maxH, h);
            maxV = Math.Max(maxV, v);
        }

        long blocks = 0;
        for (int i = 0; i < components.Length; i += 3)
        {
            int columns = DivideUp(width * (components[i + 1] >> 4), maxH);
            int rows = DivideUp(height * (components[i + 1] & 15), maxV);
            blocks += (long)DivideUp(columns, 8) * DivideUp(rows, 8);
        }

        return blocks;
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;
}
