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

    // Fewer rows than a strip, as many, and several; sides that are no multiple of a unit.
    [Theory]
    [InlineData(1, 1, 90)]
    [InlineData(17, 33, 90)]
    [InlineData(64, 256, 90)]
    [InlineData(50, 257, 90)]
    [InlineData(203, 1111, 60)]
    [InlineData(203, 1111, 96)]
    public void Read_Jpeg_GivesThePixelsOfTheWholePicture(int width, int height, int quality)
    {
        ShouldReadAs(_folder.File("a.jpg"), JpegWriter.Encode(TestPictures.Noise(width, height, seed: 5), quality), isHeld: false);
        ShouldReadAs(_folder.File("b.jpg"), JpegWriter.Encode(TestPictures.Waves(width, height), quality), isHeld: false);
    }

    [Fact]
    public void Read_JpegWithRestartMarkersAndMetadata_GivesThePixelsOfTheWholePicture()
    {
        byte[] plain = JpegWriter.Encode(TestPictures.Noise(203, 555, seed: 5), 80);
        File.WriteAllBytes(_folder.File("plain.jpg"), plain);
        Assert.True(JpegScanHeader.TryRead(plain, out JpegScanHeader? header));
        using FileStream file = File.OpenRead(_folder.File("plain.jpg"));
        file.Position = header!.DataStart;
        JpegScan scan = new(new JpegBits(file, "plain.jpg"), header, "plain.jpg");
        byte[] restarting = header.Assemble([.. Enumerable.Range(0, (555 + header.UnitHeight - 1) / header.UnitHeight).Select(_ => scan.NextRow())], 555);
        scan.End();
        Assert.Equal(ImageFile.ReadRgb(plain, "a.jpg").Pixels, ImageFile.ReadRgb(restarting, "b.jpg").Pixels);
        ShouldReadAs(_folder.File("b.jpg"), ExifBytes.Insert(restarting, ExifBytes.Tiff(1)), isHeld: false);
        ShouldReadAs(_folder.File("c.jpg"), ExifBytes.Insert(restarting, ExifBytes.Tiff(3)), isHeld: true);

        // A padded end and a missing end marker are no faults; codes left over are.
        ShouldReadAs(_folder.File("d.jpg"), restarting[..^2], isHeld: false);
        ShouldReadAs(_folder.File("e.jpg"), [.. restarting[..^2], .. new byte[50], 0xFF, 0xD9], isHeld: false);
        File.WriteAllBytes(_folder.File("f.jpg"), [.. restarting[..^2], 1, 2, 3, 4, 5, 0xFF, 0xD9]);
        Assert.Throws<InputException>(() => ReadAll(_folder.File("f.jpg")));
    }

    [SkippableFact]
    public void Read_GoldenJpegs_GivesThePixelsOfTheWholePicture()
    {
        string folder = TestPaths.RequireGolden("images");
        foreach (string file in Directory.GetFiles(folder, "*.jpg"))
        {
            string name = Path.GetFileName(file);
            ShouldReadAs(_folder.File(name), File.ReadAllBytes(file), isHeld: name.Contains("progressive", StringComparison.Ordinal) || name.Contains("exif6", StringComparison.Ordinal));
        }
    }

    // What reading at once refuses, reading by rows refuses too, and the other way round.
    [Fact]
    public void Read_DamagedJpeg_SaysSo()
    {
        byte[] sound = JpegWriter.Encode(TestPictures.Noise(80, 300, seed: 6), 70);
        string path = _folder.File("a.jpg");
        List<byte[]> files = [.. ((int[])[5, 20, 200, 700, sound.Length / 2, sound.Length - 30]).Select(length => sound[..length])];
        Random random = new(8);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = (byte[])sound.Clone();
            damaged[random.Next(2, sound.Length)] ^= (byte)(1 << random.Next(8));
            files.Add(damaged);
        }

        List<string> differing = [];
        foreach (byte[] file in files)
        {
            File.WriteAllBytes(path, file);
            byte[]? whole = null, rows = null;
            Exception? wholeFault = Record.Exception(() => whole = ImageFile.ReadRgb(path).Pixels);
            Exception? rowsFault = Record.Exception(() => rows = ReadAll(path));
            Assert.True(rowsFault is null or InputException, $"{rowsFault}");
            Assert.True(wholeFault is null or InputException, $"{wholeFault}");
            if ((whole is null) != (rows is null))
            {
                differing.Add($"at once: {wholeFault?.Message ?? "sound"}; by rows: {rowsFault?.Message ?? "sound"}");
            }

            Assert.True(whole is null || rows is null || whole.AsSpan().SequenceEqual(rows));
        }

        Assert.Empty(differing);
    }

    [Fact]
    public void Open_NoPicture_SaysSo()
    {
        File.WriteAllText(_folder.File("a.png"), "text");
        Assert.ThrowsAny<InputException>(() => ImageRows.Open(_folder.File("a.png")));
        Assert.ThrowsAny<InputException>(() => ImageRows.Open(_folder.File("missing.png")));
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
