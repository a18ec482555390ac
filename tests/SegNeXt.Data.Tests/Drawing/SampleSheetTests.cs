using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class SampleSheetTests
{
    private static readonly ClassSet s_classes = new("two", ["sky", "road"], [0x3060C0, 0xC03030]);

    [Fact]
    public void Shares_CountClassesIgnoredAndPaddingApart()
    {
        LabelMap label = new(4, 4);
        label.Ids.AsSpan().Fill(255);
        label.Ids[0] = 1;
        label.Ids[1] = 1;
        label.Ids[4] = 0;
        List<SampleShare> shares = SampleShare.Count(new SamplePicture("", [], new RgbImage(4, 4), label, 2, 2), s_classes, 9);
        Assert.Equal([("road", 2 / 16.0), ("sky", 1 / 16.0), ("ignored (255)", 1 / 16.0), ("padding", 12 / 16.0)], shares.Select(share => (share.Name, share.Share)));
    }

    [Fact]
    public void Shares_ManyClasses_AreDrawnTogether()
    {
        LabelMap label = new(10, 1, [0, 1, 2, 3, 4, 4, 4, 5, 5, 6]);
        List<SampleShare> shares = SampleShare.Count(new SamplePicture("", [], new RgbImage(10, 1), label, 10, 1), ClassSet.Default(7), 3);
        Assert.Equal(["class 4", "class 5", "5 other classes"], shares.Select(share => share.Name));
        Assert.Equal(0.5, shares[^1].Share, 1e-12);
    }

    [Fact]
    public void Draw_MarksPaddingAndIgnoredPixels_AndFramesTheDraws()
    {
        RgbImage grey = new(60, 60, [.. Enumerable.Repeat((byte)120, 60 * 60 * 3)]);
        LabelMap label = new(60, 60);
        label.Ids.AsSpan(0, 60 * 20).Fill(255);
        SamplePicture original = new("original", ["60×60"], grey, label, 60, 60);
        SamplePicture draw = new("draw", ["a line"], grey, label, 60, 30, new PixelWindow(10, 10, 30, 30));
        RgbImage sheet = SampleSheet.Draw("name", [original, draw], s_classes, cellWidth: 120);
        RgbImage plain = SampleSheet.Draw("name", [original, draw with { Height = 60, Frame = null }], s_classes, cellWidth: 120);
        Assert.Equal(sheet.Width, plain.Width);
        HashSet<int> colours = Colours(sheet);
        Assert.Contains(0xE4572E, colours);
        Assert.DoesNotContain(0xE4572E, Colours(plain));
        Assert.True(Count(sheet, 120, 120, 120) < Count(plain, 120, 120, 120), "the padding covers a part of the picture");
        Assert.Equal(sheet.Pixels, SampleSheet.Draw("name", [original, draw], s_classes, cellWidth: 120).Pixels);
    }

    [Fact]
    public void Shrink_AveragesFarLargerPictures()
    {
        RgbImage stripes = new(64, 64, [.. Enumerable.Range(0, 64 * 64 * 3).Select(i => (byte)(i / 3 % 2 * 255))]);
        Assert.All(Shrink.To(stripes, 8, 8).Pixels, value => Assert.InRange(value, 126, 130));
        Assert.Equal((30, 60), Shrink.Fit(100, 200, 60, 60));
    }

    private static int Count(RgbImage image, byte r, byte g, byte b)
    {
        int count = 0;
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            count += image.Pixels[i] == r && image.Pixels[i + 1] == g && image.Pixels[i + 2] == b ? 1 : 0;
        }

        return count;
    }

    private static HashSet<int> Colours(RgbImage image)
    {
        HashSet<int> colours = [];
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            colours.Add((image.Pixels[i] << 16) | (image.Pixels[i + 1] << 8) | image.Pixels[i + 2]);
        }

        return colours;
    }
}
