using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class StripOverlayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The legend beside the picture, below it, higher and wider than it, and none; contours of one and of several pixels.
    [Theory]
    [InlineData(300, 200, 5)]
    [InlineData(900, 100, 9)]
    [InlineData(100, 900, 9)]
    [InlineData(30, 20, 40)]
    [InlineData(3000, 50, 3)]
    [InlineData(40, 30, 0)]
    public void Write_AnyPicture_GivesThePixelsOfTheOverlayInMemory(int width, int height, int classes)
    {
        RgbImage image = TestPictures.Waves(width, height);
        LabelMap labels = TestPictures.Blocks(width, height, Math.Max(1, classes));
        if (classes == 0)
        {
            labels.Ids.AsSpan().Fill(LabelMap.Ignore);
        }

        ClassSet set = ClassSet.Default(Math.Max(1, classes));
        PngWriter.WriteRgb(_folder.File("a.png"), image);
        long[] counts = new long[256];
        Array.ForEach(labels.Ids, id => counts[id]++);
        using MemoryStream stream = new();
        using (ImageRows rows = ImageRows.Open(_folder.File("a.png")))
        {
            int next = 0;
            StripOverlay.Write(stream, rows, row => labels.Ids.AsSpan(next++ * width, width).CopyTo(row), counts, set.Names, set.Palette);
            Assert.Equal(height, next);
        }

        RgbImage expected = Overlay.WithLegend(image, labels, set.Names, set.Palette);
        RgbImage written = ImageFile.ReadRgb(stream.ToArray(), "overlay.png");
        Assert.Equal((expected.Width, expected.Height), (written.Width, written.Height));
        Assert.Equal(expected.Pixels, written.Pixels);
    }
}
