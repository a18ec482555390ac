using System.Runtime.InteropServices;
using System.Text;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>What is written reads back, and a failed writing leaves nothing.</summary>
public class ImageWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 5)]
    [InlineData(640, 3)]
    public void WriteRgb_ThenRead_IsTheIdentity(int width, int height)
    {
        using TemporaryFolder folder = new();
        RgbImage image = TestPictures.Noise(width, height, seed: 1);

        PngWriter.WriteRgb(folder.File("x.png"), image);

        RgbImage back = ImageFile.ReadRgb(folder.File("x.png"));
        Assert.Equal((width, height), (back.Width, back.Height));
        Assert.Equal(image.Pixels, back.Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(256)]
    public void WriteLabel_ThenRead_KeepsEveryId(int colours)
    {
        using TemporaryFolder folder = new();
        LabelMap labels = new(16, 16, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        int[]? palette = colours == 0 ? null : [.. Enumerable.Range(0, colours).Select(i => 0x102030 + i)];

        PngWriter.WriteLabel(folder.File("x.png"), labels, palette);

        Assert.Equal(labels.Ids, ImageFile.ReadLabel(folder.File("x.png")).Ids);
        RgbImage shown = ImageFile.ReadRgb(folder.File("x.png"));
        Assert.Equal(palette is null ? [2, 2, 2] : new byte[] { 0x10, 0x20, 0x32 }, shown.Pixels[6..9]);
        Assert.Equal(palette is null ? [255, 255, 255] : colours < 256 ? [0, 0, 0] : new byte[] { 0x10, 0x21, 0x2F }, shown.Pixels[^3..]);
    }

    [Fact]
    public void WriteLabel_TooManyColours_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PngWriter.EncodeLabel(new LabelMap(1, 1), new int[257]));

    [Fact]
    public void Encode_Jpeg_IsNearThePicture()
    {
        RgbImage image = TestPictures.Waves(100, 60);
        foreach (int quality in (int[])[90, 100])
        {
            RgbImage back = ImageFile.ReadRgb(JpegWriter.Encode(image, quality), "x.jpg");

            Assert.Equal((100, 60), (back.Width, back.Height));
            Assert.InRange(image.Pixels.Zip(back.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 2);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Encode_JpegQualityOutOfRange_IsRefused(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => JpegWriter.Encode(new RgbImage(2, 2), quality));

    [Fact]
    public void WriteNpy_Map_IsNumpysFormat()
    {
        using TemporaryFolder folder = new();
        LogitMap map = new(2, 3, 4, [.. Enumerable.Range(0, 24).Select(i => i / 4f)]);

        NpyWriter.Write(folder.File("x.npy"), map);

        byte[] file = File.ReadAllBytes(folder.File("x.npy"));
        int header = 10 + file[8] + 256 * file[9];
        Assert.Equal(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0 }, file[..8]);
        Assert.Equal(0, header % 64);
        Assert.Equal(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }",
            Encoding.ASCII.GetString(file, 10, header - 10).TrimEnd());
        Assert.Equal(map.Values, MemoryMarshal.Cast<byte, float>(file.AsSpan(header)).ToArray());
    }

    [Fact]
    public void Write_ToWhereNoFileCanBe_IsRefusedInASentence()
    {
        using TemporaryFolder folder = new();
        RgbImage image = new(2, 2);
        string missing = folder.File("no", "x.png");

        Assert.Equal(
            $"{missing}: its folder does not exist.",
            Assert.Throws<InputException>(() => PngWriter.WriteRgb(missing, image)).Message);
        Directory.CreateDirectory(folder.File("x.png"));
        Assert.StartsWith(
            folder.File("x.png"),
            Assert.Throws<InputException>(() => PngWriter.WriteRgb(folder.File("x.png"), image)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
