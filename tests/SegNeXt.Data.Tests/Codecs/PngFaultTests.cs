using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>What is damage in a PNG file and what is not.</summary>
public class PngFaultTests
{
    private static readonly PngBuilder s_png = new() { Width = 20, Height = 16, Depth = 8, ColorType = 2 };

    private static readonly byte[] s_raw = s_png.Raw((x, y, c) => (x * 3 + y * 5 + c * 7) & 255);

    private static readonly byte[] s_data = PngBuilder.Compress(s_raw);

    private static readonly byte[] s_sound = File([.. PngBuilder.Chunk("IDAT", s_data)]);

    private static readonly Dictionary<string, byte[]> s_harmless = new()
    {
        ["pixel data in chunks of one byte"] = File([.. s_data.SelectMany(b => PngBuilder.Chunk("IDAT", b))]),
        ["an empty chunk first"] = File([.. PngBuilder.Chunk("IDAT"), .. PngBuilder.Chunk("IDAT", s_data)]),
        ["bytes behind the end"] = [.. s_sound, .. "more"u8],
        ["bytes behind the stream"] = File([.. PngBuilder.Chunk("IDAT", [.. s_data, 1, 2, 3])]),
    };

    private static readonly Dictionary<string, (byte[] File, string Words)> s_harmful = new()
    {
        ["wrong checksum of the pixels"] = (With(s_sound, 8 + 25 + 8 + s_data.Length, 1), "is damaged"),
        ["wrong checksum of the header"] = (With(s_sound, 8 + 24, 1), "is damaged"),
        ["wrong sum inside the stream"] = (File(PngBuilder.Chunk("IDAT", [.. s_data[..^4], 1, 2, 3, 4])), "is damaged"),
        ["too few rows"] = (File(PngBuilder.Chunk("IDAT", PngBuilder.Compress(s_raw[..^61]))), "is damaged"),
        ["an unknown filter"] = (File(PngBuilder.Chunk("IDAT", PngBuilder.Compress(With(s_raw, 61, 9)))), "is damaged"),
        ["half a file"] = (s_sound[..(s_sound.Length / 2)], "is incomplete"),
        ["no end"] = (s_sound[..^12], "is incomplete"),
        ["no pixels"] = (File([]), "no picture data"),
        ["two headers"] = (File([.. s_png.HeaderChunk(), .. PngBuilder.Chunk("IDAT", s_data)]), "two PNG headers"),
        ["another chunk first"] = ([.. PngBuilder.Signature, .. PngBuilder.Chunk("gAMA", 0, 0, 0, 1), .. s_sound[8..]], "does not begin with its header"),
        ["an unknown necessary chunk"] = (File([.. PngBuilder.Chunk("ABCD"), .. PngBuilder.Chunk("IDAT", s_data)]), "necessary and unknown"),
        ["Apple's own form"] = (File([.. PngBuilder.Chunk("CgBI"), .. PngBuilder.Chunk("IDAT", s_data)]), "Apple"),
        ["no palette"] = (Kind(8, 3), "without a palette"),
        ["a depth that does not exist"] = (Kind(3, 0), "does not exist"),
        ["a colour type that does not exist"] = (Kind(8, 5), "does not exist"),
        ["no width"] = (Size(0, 4), "0×4"),
        ["a negative height"] = (Size(4, -1), "4×4294967295"),
        ["more than the limit"] = (Size(60000, 60000), "over the limit"),
        ["the largest size of all"] = (Size(int.MaxValue, int.MaxValue), "over the limit"),
        ["a huge size over few bytes"] = (Size(16000, 16000), "far more than its"),
    };

    public static TheoryData<string> Harmless => [.. s_harmless.Keys];

    public static TheoryData<string> Harmful => [.. s_harmful.Keys];

    [Theory]
    [MemberData(nameof(Harmless))]
    public void ReadRgb_HarmlessOddity_GivesTheSamePicture(string oddity) =>
        Assert.Equal(ImageFile.ReadRgb(s_sound, "sound.png").Pixels, ImageFile.ReadRgb(s_harmless[oddity], "odd.png").Pixels);

    [Theory]
    [MemberData(nameof(Harmful))]
    public void Read_Damage_IsRefusedInASentence(string damage)
    {
        (byte[] file, string words) = s_harmful[damage];

        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(file, "bad.png"));

        Assert.StartsWith("bad.png ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<InputException>(() => ImageFile.ReadLabel(file, "bad.png"));
    }

    [Fact]
    public void Read_LimitOfPixels_IsInclusive()
    {
        ImageReadOptions exact = new() { MaxPixels = 20 * 16 };
        ImageReadOptions less = new() { MaxPixels = 20 * 16 - 1 };

        Assert.Equal(20, ImageFile.ReadRgb(s_sound, "x.png", exact).Width);
        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(s_sound, "x.png", less));
        Assert.Equal("x.png claims 20×16 pixels, over the limit of 319 pixels.", error.Message);
    }

    [Fact]
    public void ReadRgb_HugeHeaderOverFewBytes_AllocatesLittle()
    {
        byte[] file = Size(16000, 16000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(file, "bad.png"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] File(byte[] chunks) => [.. PngBuilder.Signature, .. s_png.HeaderChunk(), .. chunks, .. PngBuilder.Chunk("IEND")];

    private static byte[] Kind(int depth, int color) => Whole(new PngBuilder { Width = 20, Height = 16, Depth = depth, ColorType = color });

    private static byte[] Size(int width, int height) => Whole(new PngBuilder { Width = width, Height = height, Depth = 8, ColorType = 0 });

    private static byte[] Whole(PngBuilder png) =>
        [.. PngBuilder.Signature, .. png.HeaderChunk(), .. PngBuilder.Chunk("IDAT", s_data), .. PngBuilder.Chunk("IEND")];

    private static byte[] With(byte[] file, int at, byte value)
    {
        byte[] copy = [.. file];
        copy[at] = (byte)(copy[at] == value ? value + 1 : value);
        return copy;
    }
}
