using System.Buffers.Binary;

namespace SegNeXt.Data;

/// <summary>The palette of a PNG file.</summary>
internal static class PngPalette
{
    /// <summary>The colours, <c>0xRRGGBB</c>, of a file that has been decoded without fault.</summary>
    public static int[] Read(ReadOnlySpan<byte> data)
    {
        data = data[PngStructure.Signature.Length..];
        while (data.Length >= 12)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(data);
            if (length < 0 || length > data.Length - 12)
            {
                break;
            }

            if (data.Slice(4, 4).SequenceEqual("PLTE"u8))
            {
                int[] colours = new int[length / 3];
                for (int i = 0; i < colours.Length; i++)
                {
                    ReadOnlySpan<byte> entry = data.Slice(8 + (3 * i), 3);
                    colours[i] = (entry[0] << 16) | (entry[1] << 8) | entry[2];
                }

                return colours;
            }

            data = data[(12 + length)..];
        }

        return [];
    }
}
