using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Every depth and colour type, plain and interlaced, as a picture and as a label.</summary>
public class PngReadingTests
{
    // No multiple of eight: rows of packed pixels end inside a byte, and passes of the interlacing differ in size.
    private const int Width = 13;
    private const int Height = 11;

    public static TheoryData<int, int, bool> Kinds()
    {
        TheoryData<int, int, bool> kinds = [];
        foreach ((int color, int[] depths) in ((int, int[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
        {
            foreach (int depth in depths)
            {
                kinds.Add(color, depth, false);
                kinds.Add(color, depth, true);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ReadRgb_EveryKind_GivesEightBitColours(int color, int depth, bool interlaced)
    {
        PngBuilder png = Create(color, depth, interlaced);

        RgbImage image = ImageFile.ReadRgb(png.Build((x, y, c) => Sample(x, y, c, depth)), "x.png");

        Assert.Equal((Width, Height), (image.Width, image.Height));
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int x = i / 3 % Width;
            int y = i / 3 / Width;
            int expected = color switch
            {
                3 => png.Palette[Sample(x, y, 0, depth) * 3 + i % 3],
                0 or 4 => ToByte(Sample(x, y, 0, depth), depth),
                _ => ToByte(Sample(x, y, i % 3, depth), depth),
            };
            Assert.True(expected == image.Pixels[i], $"({x}, {y}) channel {i % 3}: {image.Pixels[i]} instead of {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ReadLabel_EveryKind_GivesRawIdsOrRefusesColours(int color, int depth, bool interlaced)
    {
        byte[] file = Create(color, depth, interlaced).Build((x, y, c) => Sample(x, y, c, depth));
        if (color is 2 or 6)
        {
            InputException error = Assert.Throws<InputException>(() => ImageFile.ReadLabel(file, "x.png"));
            Assert.StartsWith($"x.png is a colour picture ({depth}-bit RGB", error.Message, StringComparison.Ordinal);
            return;
        }

        LabelMap labels = ImageFile.ReadLabel(file, "x.png");

        Assert.Equal(
            Enumerable.Range(0, Width * Height).Select(i => (byte)Sample(i % Width, i / Width, 0, depth)),
            labels.Ids);
    }

    [Fact]
    public void ReadRgb_OtherChunks_ChangeNothing()
    {
        PngBuilder png = Create(2, 8, interlaced: false);
        byte[] plain = png.Build((x, y, c) => Sample(x, y, c, 8));
        byte[] withChunks =
        [
            .. PngBuilder.Signature, .. png.HeaderChunk(),
            .. PngBuilder.Chunk("gAMA", 0, 0, 1, 0),
            .. PngBuilder.Chunk("iCCP", [.. "x\0\0no profile"u8]),
            .. PngBuilder.Chunk("tRNS", 0, 1, 0, 2, 0, 3),
            .. PngBuilder.Chunk("tEXt", [.. "no separator"u8])[..^1], 0,
            .. PngBuilder.Chunk("PLTE", 1, 2, 3),
            .. PngBuilder.Chunk("IDAT", PngBuilder.Compress(png.Raw((x, y, c) => Sample(x, y, c, 8)))),
            .. PngBuilder.Chunk("IEND"), .. "behind the end"u8,
        ];

        Assert.Equal(ImageFile.ReadRgb(plain, "a").Pixels, ImageFile.ReadRgb(withChunks, "b").Pixels);
    }

    [Fact]
    public void ReadRgb_OrientationChunk_IsAppliedToPicturesOnly()
    {
        PngBuilder png = Create(0, 8, interlaced: false);
        byte[] file =
        [
            .. PngBuilder.Signature, .. png.HeaderChunk(), .. PngBuilder.Chunk("eXIf", ExifBytes.Tiff(6)),
            .. PngBuilder.Chunk("IDAT", PngBuilder.Compress(png.Raw((x, y, c) => Sample(x, y, c, 8)))), .. PngBuilder.Chunk("IEND"),
        ];

        RgbImage turned = ImageFile.ReadRgb(file, "x.png");
        RgbImage stored = ImageFile.ReadRgb(file, "x.png", new ImageReadOptions { ApplyOrientation = false });
        LabelMap labels = ImageFile.ReadLabel(file, "x.png");

        Assert.Equal((Height, Width), (turned.Width, turned.Height));
        Assert.Equal((Width, Height), (stored.Width, stored.Height));
        Assert.Equal((Width, Height), (labels.Width, labels.Height));
        Assert.Equal(ExifBytes.Turn(stored, 6).Pixels, turned.Pixels);
    }

    [Fact]
    public void ReadLabel_ReduceZero_LowersAllButTheIgnored()
    {
        PngBuilder png = new() { Width = 4, Height = 1, Depth = 8, ColorType = 0 };
        int[] ids = [0, 1, 254, 255];
        byte[] file = png.Build((x, _, _) => ids[x]);

        LabelMap labels = ImageFile.ReadLabel(file, "x.png", new ImageReadOptions { ReduceZeroLabel = true });

        Assert.Equal(new byte[] { 255, 0, 253, 255 }, labels.Ids);
    }

    private static PngBuilder Create(int color, int depth, bool interlaced) => new()
    {
        Width = Width,
        Height = Height,
        Depth = depth,
        ColorType = color,
        Interlaced = interlaced,
        Palette = color == 3 ? [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 37 + 11))] : [],
    };

    private static int Sample(int x, int y, int channel, int depth) =>
        (x * 7919 + y * 104729 + channel * 1299709 + x * y * 31) & ((1 << depth) - 1);

    private static int ToByte(int sample, int depth) => depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
}
