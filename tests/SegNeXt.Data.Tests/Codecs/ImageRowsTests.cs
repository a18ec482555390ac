using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class ImageRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 4)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    [InlineData(3, 2)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(6, 8)]
    [InlineData(6, 16)]
    public void Read_EveryKindOfPng_GivesTheRowsOfTheWholePicture(int colorType, int depth)
    {
        foreach (bool interlaced in (bool[])[false, true])
        {
            PngBuilder png = new()
            {
                Width = 37, Height = 21, Depth = depth, ColorType = colorType, Interlaced = interlaced,
                Palette = colorType == 3 ? [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 11))] : [],
            };
            ShouldReadAs(_folder.File("a.png"), png.Build((x, y, c) => (x * 31) + (y * 1357) + (c * 77)), interlaced);
        }
    }

    [Fact]
    public void Read_WrittenPng_GivesTheRowsOfTheWholePicture() =>
        ShouldReadAs(_folder.File("a.png"), PngWriter.EncodeRgb(TestPictures.Noise(701, 333, seed: 3)), isHeld: false);

    [Fact]
    public void Read_PngWithChunksOfEveryKind_LooksAtItsPixelsAlone()
    {
        PngBuilder png = new() { Width = 9, Height = 5, Depth = 8, ColorType = 2 };
        byte[] pixels = PngBuilder.Compress(png.Raw((x, y, c) => x * y * c));
        byte[] file =
        [
            .. PngBuilder.Signature, .. png.HeaderChunk(), .. PngBuilder.Chunk("gAMA", 0, 0, 1, 0), .. PngBuilder.Chunk("PLTE", 1, 2, 3),
            .. PngBuilder.Chunk("tEXt", new byte[100_000]), .. PngBuilder.Chunk("IDAT", pixels[..10]), .. PngBuilder.Chunk("IDAT", pixels[10..]),
            .. PngBuilder.Chunk("tIME", new byte[7]), .. PngBuilder.Chunk("IEND"), 1, 2, 3,
        ];
        ShouldReadAs(_folder.File("a.png"), file, isHeld: false);
    }

    [Fact]
    public void Read_PictureThatIsTurned_IsHeldAndTurned()
    {
        PngBuilder png = new() { Width = 9, Height = 5, Depth = 8, ColorType = 2 };
        byte[] file =
        [
            .. PngBuilder.Signature, .. png.HeaderChunk(), .. PngBuilder.Chunk("eXIf", ExifBytes.Tiff(6)),
            .. PngBuilder.Chunk("IDAT", PngBuilder.Compress(png.Raw((x, y, c) => (x * 20) + y + c))), .. PngBuilder.Chunk("IEND"),
        ];
        ShouldReadAs(_folder.File("a.png"), file, isHeld: true);
        Assert.Equal((5, 9), ImageRows.ReadSize(_folder.File("a.png")));
        ImageReadOptions asStored = new() { ApplyOrientation = false };
        Assert.Equal((9, 5), ImageRows.ReadSize(_folder.File("a.png"), asStored));
        using ImageRows rows = ImageRows.Open(_folder.File("a.png"), asStored);
        Assert.False(rows.IsHeld);
    }

    [Fact]
    public void Open_PictureThatMustBeHeldAndIsLarge_SaysWhy()
    {
        PngBuilder png = new() { Width = 37, Height = 21, Depth = 8, ColorType = 2, Interlaced = true };
        File.WriteAllBytes(_folder.File("a.png"), png.Build((x, _, _) => x));
        InputException error = Assert.Throws<InputException>(() => ImageRows.Open(_folder.File("a.png"), new ImageReadOptions { MaxPixels = 700 }));
        Assert.Equal($"{_folder.File("a.png")} has 37×21 pixels, over the limit of 700 for a picture that is an interlaced PNG, which has to be held whole: save it without interlacing.", error.Message);
    }

    // Wherever a file breaks off or a byte is wrong, reading by rows finds what reading at once finds.
    [Fact]
    public void Read_DamagedPng_SaysSo()
    {
        byte[] sound = PngWriter.EncodeRgb(TestPictures.Noise(64, 64, seed: 4));
        string path = _folder.File("a.png");
        foreach (int length in (int[])[20, 33, 40, 200, sound.Length / 2, sound.Length - 20, sound.Length - 12, sound.Length - 1])
        {
            File.WriteAllBytes(path, sound[..length]);
            InputException error = Assert.Throws<InputException>(() => ReadAll(path));
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }

        for (int at = 30; at < sound.Length; at += 97)
        {
            byte[] damaged = (byte[])sound.Clone();
            damaged[at] ^= 0x55;
            File.WriteAllBytes(path, damaged);
            Exception? whole = Record.Exception(() => ImageFile.ReadRgb(path));
            Exception? rows = Record.Exception(() => ReadAll(path));
            Assert.Equal(whole is null, rows is null);
            Assert.True(rows is null or InputException, $"byte {at}: {rows}");
        }
    }

    [Fact]
    public void Open_NoPicture_SaysSo()
    {
        File.WriteAllText(_folder.File("a.png"), "text");
        Assert.Throws<InputException>(() => ImageRows.Open(_folder.File("a.png")));
        Assert.Throws<InputException>(() => ImageRows.Open(_folder.File("missing.png")));
    }

    [Fact]
    public void Read_BehindTheLastRow_IsAMistake()
    {
        File.WriteAllBytes(_folder.File("a.png"), PngWriter.EncodeRgb(new RgbImage(3, 1)));
        using ImageRows rows = ImageRows.Open(_folder.File("a.png"));
        Assert.Throws<ArgumentException>(() => rows.Read(new byte[8]));
        rows.Read(new byte[9]);
        Assert.Throws<InvalidOperationException>(() => rows.Read(new byte[9]));
    }

    private static byte[] ReadAll(string path)
    {
        using ImageRows rows = ImageRows.Open(path);
        byte[] pixels = new byte[rows.Width * rows.Height * 3];
        for (int y = 0; y < rows.Height; y++)
        {
            rows.Read(pixels.AsSpan(y * rows.Width * 3, rows.Width * 3));
        }

        return pixels;
    }

    private static void ShouldReadAs(string path, byte[] file, bool isHeld)
    {
        File.WriteAllBytes(path, file);
        RgbImage expected = ImageFile.ReadRgb(path);
        using ImageRows rows = ImageRows.Open(path);
        Assert.Equal(isHeld, rows.IsHeld);
        Assert.Equal((expected.Width, expected.Height), (rows.Width, rows.Height));
        Assert.Equal(expected.Pixels, ReadAll(path));
    }
}
