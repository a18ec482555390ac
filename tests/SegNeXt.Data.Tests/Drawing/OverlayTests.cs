using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Colours over pictures, and the legend beside them.</summary>
public class OverlayTests
{
    private static readonly int[] s_palette = [0xC80000, 0x00C800, 0x0000C8];

    [Fact]
    public void Blend_HalfOpaque_IsTheMeanOfPictureAndColour()
    {
        RgbImage image = new(2, 1, [100, 50, 0, 10, 20, 30]);

        RgbImage result = Overlay.Blend(image, new LabelMap(2, 1, [0, 255]), s_palette, opacity: 0.4, contours: false);

        Assert.Equal(new byte[] { 140, 30, 0, 10, 20, 30 }, result.Pixels);
        Assert.Equal(new byte[] { 100, 50, 0, 10, 20, 30 }, image.Pixels);
    }

    [Fact]
    public void Blend_Extremes_ArePictureAndColour()
    {
        RgbImage image = TestPictures.Noise(48, 32, seed: 1);
        LabelMap labels = TestPictures.Blocks(48, 32, 3);

        Assert.Equal(image.Pixels, Overlay.Blend(image, labels, s_palette, 0, contours: false).Pixels);
        RgbImage full = Overlay.Blend(image, labels, s_palette, 1, contours: false);
        Assert.All(Enumerable.Range(0, labels.Ids.Length), i => Assert.Equal(s_palette[labels.Ids[i]], DrawingCanvasTests.Color(full, i % 48, i / 48)));
    }

    [Fact]
    public void Blend_Contours_ChangeBordersBetweenClassesAlone()
    {
        RgbImage image = new(9, 3);
        LabelMap labels = new(9, 3, [.. Enumerable.Repeat<byte[]>([0, 0, 0, 1, 1, 1, 255, 1, 1], 3).SelectMany(row => row)]);

        RgbImage plain = Overlay.Blend(image, labels, s_palette, contours: false);
        RgbImage lined = Overlay.Blend(image, labels, s_palette);

        int[] changed = [.. Enumerable.Range(0, 9).Where(x => DrawingCanvasTests.Color(plain, x, 1) != DrawingCanvasTests.Color(lined, x, 1))];
        Assert.Equal([2, 3], changed);
    }

    [Fact]
    public void Blend_OtherSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Overlay.Blend(new RgbImage(4, 4), new LabelMap(4, 5), s_palette));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60, 40)]
    [InlineData(40, 300)]
    [InlineData(900, 300)]
    [InlineData(2000, 1000)]
    public void WithLegend_AnySize_KeepsThePictureAndShowsWhatOccurs(int width, int height)
    {
        RgbImage image = new(width, height);
        LabelMap labels = new(width, height);
        labels.Ids.AsSpan(labels.Ids.Length / 4).Fill(1);
        labels.Ids[^1] = 1;

        RgbImage result = Overlay.WithLegend(image, labels, ["a class", "another", "absent"], s_palette, opacity: 0.5, contours: false);

        RgbImage blended = Overlay.Blend(image, labels, s_palette, 0.5, contours: false);
        Assert.True(result.Width >= width && result.Height >= height && result.Pixels.Length > image.Pixels.Length);
        for (int y = 0; y < height; y += Math.Max(1, height / 10))
        {
            Assert.Equal(blended.Pixels.AsSpan(y * width * 3, width * 3), result.Pixels.AsSpan(y * result.Width * 3, width * 3));
        }

        HashSet<int> colours = [.. Enumerable.Range(0, result.Pixels.Length / 3).Select(i => DrawingCanvasTests.Color(result, i % result.Width, i / result.Width))];
        Assert.Contains(s_palette[1], colours);
        Assert.Equal(labels.Ids.Contains((byte)0), colours.Contains(s_palette[0]));
        Assert.DoesNotContain(s_palette[2], colours);
    }

    [Fact]
    public void WithLegend_NothingLabelled_IsThePicture()
    {
        LabelMap labels = new(5, 4);
        Array.Fill(labels.Ids, LabelMap.Ignore);

        RgbImage result = Overlay.WithLegend(new RgbImage(5, 4), labels, ["a", "b", "c"], s_palette);

        Assert.Equal((5, 4), (result.Width, result.Height));
    }

    [Fact]
    public void Legend_Entries_AreOrderedByShare()
    {
        LabelMap labels = new(10, 10);
        Array.Fill(labels.Ids, (byte)2, 0, 70);
        Array.Fill(labels.Ids, LabelMap.Ignore, 70, 10);

        List<LegendEntry> entries = Legend.Count(labels, ["a", "b", "c"], s_palette);

        Assert.Equal([("c", 0.7), ("a", 0.2)], entries.Select(entry => (entry.Name, entry.Share)));
    }

    [Theory]
    [InlineData(1, "100 %")]
    [InlineData(0.342, "34 %")]
    [InlineData(0.0999, "10 %")]
    [InlineData(0.0342, "3.4 %")]
    [InlineData(0.0006, "0.1 %")]
    [InlineData(0.0001, "< 0.1 %")]
    public void Legend_Share_IsWrittenWithTwoDigits(double share, string text) =>
        Assert.Equal(text, new LegendEntry("a", 0, share).Percent);
}
