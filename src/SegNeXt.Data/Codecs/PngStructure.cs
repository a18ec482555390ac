using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The header of a PNG file.</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, int ColorType, bool Interlaced)
{
    public const int Grey = 0;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int GreyAlpha = 4;
    public const int Rgba = 6;

    /// <summary>Samples a pixel.</summary>
    public int Channels => ColorType switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>Bytes of one row of the file, unpacked and without its filter byte.</summary>
    public long RowBytes => ((long)Width * Channels * Depth + 7) / 8;

    /// <summary>The kind in words, "8-bit RGB".</summary>
    public string Kind => $"{Depth}-bit " + ColorType switch
    {
        Rgb => "RGB",
        Palette => "palette",
        GreyAlpha => "grey and alpha",
        Rgba => "RGB and alpha",
        _ => "grey",
    };
}

/// <summary>A PNG file taken apart into its chunks (PNG, third edition, section 5), before anything is decompressed.</summary>
/// <remarks>
/// The decoder sees header, palette and pixel data only. No other chunk can then change a pixel, be decompressed or
/// refuse a sound picture: gamma, profiles, text and transparency are left out, as the reading of colours asks. What
/// stands behind the end chunk is ignored.
/// </remarks>
internal sealed class PngStructure
{
    /// <summary>zlib's deflate gives at most 1032 bytes for one.</summary>
    private const int MaxInflation = 1032;

    private const int ChunkOverhead = 12;

    private readonly List<Range> _critical = [];
    private long _compressed;
    private bool _hasPalette;

    private PngStructure()
    {
    }

    /// <summary>The eight bytes that start every PNG file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The header.</summary>
    public PngHeader Header { get; private set; }

    /// <summary>The EXIF orientation, 1 to 8.</summary>
    public int Orientation { get; private set; } = ExifOrientation.Normal;

    /// <summary>Reads as far as the pixel data.</summary>
    /// <returns>Header and orientation, or null where more bytes are needed.</returns>
    /// <exception cref="InputException">The header is cut short or malformed.</exception>
    public static (PngHeader Header, int Orientation)? ReadHeader(ReadOnlySpan<byte> data, string name, bool isWhole)
    {
        PngStructure structure = new();
        return structure.Walk(data, name, isWhole, stopAtPixels: true) ? (structure.Header, structure.Orientation) : null;
    }

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="InputException">The header is cut short or malformed.</exception>
    public static PngHeader ReadFirstChunk(ReadOnlySpan<byte> start, string name)
    {
        const int Front = 8;
        ReadOnlySpan<byte> chunk = start[Signature.Length..];
        return chunk.Length >= Front + 13 && chunk.Slice(4, 4).SequenceEqual("IHDR"u8) ? ParseHeader(chunk.Slice(Front, 13), name) : throw Cut(name);
    }

    /// <summary>Takes a whole file apart.</summary>
    /// <exception cref="InputException">The file is cut short, malformed or too large.</exception>
    public static PngStructure Parse(ReadOnlySpan<byte> data, string name, ImageReadOptions options)
    {
        PngStructure structure = new();
        structure.Walk(data, name, isWhole: true, stopAtPixels: false);
        PngHeader header = structure.Header;
        PixelLimit.Check(header.Width, header.Height, name, options);
        if (structure._compressed == 0)
        {
            throw new InputException($"{name} is damaged: the PNG file holds no picture data.");
        }

        if (header.ColorType == PngHeader.Palette && !structure._hasPalette)
        {
            throw new InputException($"{name} is damaged: it is a palette PNG without a palette.");
        }

        if ((header.RowBytes + 1) * header.Height / MaxInflation > structure._compressed)
        {
            throw new InputException(
                $"{name} is incomplete: its header claims {header.Width}×{header.Height} pixels, far more than its {data.Length} bytes can hold.");
        }

        return structure;
    }

    /// <summary>The file with its critical chunks alone, in an array that the collector does not move.</summary>
    public byte[] ForDecoder(ReadOnlySpan<byte> data)
    {
        int length = Signature.Length;
        foreach (Range chunk in _critical)
        {
            length += chunk.GetOffsetAndLength(data.Length).Length;
        }

        byte[] result = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        Signature.CopyTo(result);
        int position = Signature.Length;
        foreach (Range chunk in _critical)
        {
            ReadOnlySpan<byte> bytes = data[chunk];
            bytes.CopyTo(result.AsSpan(position));
            position += bytes.Length;
        }

        return result;
    }

    private bool Walk(ReadOnlySpan<byte> data, string name, bool isWhole, bool stopAtPixels)
    {
        int position = Signature.Length;
        while (true)
        {
            ReadOnlySpan<byte> rest = data[position..];
            if (rest.Length < 8)
            {
                return isWhole ? throw Cut(name) : false;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            ReadOnlySpan<byte> type = rest.Slice(4, 4);
            bool pixels = type.SequenceEqual("IDAT"u8);
            if (position == Signature.Length)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != 13)
                {
                    throw new InputException($"{name} is damaged: the PNG file does not begin with its header.");
                }
            }
            else if (stopAtPixels && pixels)
            {
                return true;
            }

            if (length > rest.Length - ChunkOverhead)
            {
                return isWhole ? throw Cut(name) : false;
            }

            int end = position + ChunkOverhead + (int)length;
            if (Note(type, rest.Slice(8, (int)length), name))
            {
                _critical.Add(position..end);
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return true;
            }

            position = end;
        }
    }

    /// <summary>Takes in one chunk.</summary>
    /// <returns>Whether the decoder needs it.</returns>
    private bool Note(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content, string name)
    {
        if (type.SequenceEqual("IHDR"u8))
        {
            Header = Header.Width == 0
                ? ParseHeader(content, name)
                : throw new InputException($"{name} is damaged: it has two PNG headers.");
            return true;
        }

        if (type.SequenceEqual("IDAT"u8))
        {
            _compressed += content.Length;
            return true;
        }

        if (type.SequenceEqual("PLTE"u8))
        {
            _hasPalette = true;
            // In a colour picture it is a mere hint for displays.
            return Header.ColorType == PngHeader.Palette;
        }

        if (type.SequenceEqual("IEND"u8))
        {
            return true;
        }

        if (type.SequenceEqual("eXIf"u8) && _compressed == 0)
        {
            Orientation = ExifOrientation.Read(content);
        }
        else if ((type[0] & 0x20) == 0)
        {
            throw new InputException(type.SequenceEqual("CgBI"u8)
                ? $"{name} is a PNG in Apple's own iOS form, which is not read."
                : $"{name} is damaged: it holds a PNG chunk that is necessary and unknown.");
        }

        return false;
    }

    private static PngHeader ParseHeader(ReadOnlySpan<byte> content, string name)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(content);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
        {
            throw new InputException($"{name} is damaged: its PNG header claims {width}×{height} pixels.");
        }

        int depth = content[8];
        int color = content[9];
        bool known = color switch
        {
            PngHeader.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngHeader.Palette => depth is 1 or 2 or 4 or 8,
            PngHeader.Rgb or PngHeader.GreyAlpha or PngHeader.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known || content[10] != 0 || content[11] != 0 || content[12] > 1)
        {
            throw new InputException($"{name} is damaged: its PNG header gives a kind of picture that does not exist.");
        }

        return new PngHeader((int)width, (int)height, depth, color, content[12] == 1);
    }

    private static InputException Cut(string name) => new($"{name} is incomplete: the PNG file breaks off before its end.");
}
