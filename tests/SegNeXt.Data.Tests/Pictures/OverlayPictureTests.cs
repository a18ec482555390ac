using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class OverlayPictureTests
{
    private static readonly ClassSet s_classes = new("test", ["sky", "road", "straße"], [0xFF0000, 0x00FF00, 0x0000FF]);

    [Fact]
    public void Draw_BlendsEachClassWithItsColourAndLeavesTheIgnored()
    {
        RgbImage image = new(3, 1, [100, 100, 100, 100, 100, 100, 100, 100, 100]);
        RgbImage overlay = OverlayPicture.Draw(image, new LabelMap(3, 1, [0, 2, 255]), s_classes, opacity: 0.5);
        Assert.Equal(3, overlay.Width);
        Assert.Equal([178, 50, 50, 50, 50, 178, 100, 100, 100], overlay.Pixels[..9]);
    }

    [Fact]
    public void Draw_LegendBelow_ShowsTheColoursOfTheClassesThatOccurOnly()
    {
        RgbImage image = new(400, 20);
        byte[] ids = new byte[400 * 20];
        ids.AsSpan(0, 400).Fill(1);
        RgbImage overlay = OverlayPicture.Draw(image, new LabelMap(400, 20, ids), s_classes);
        Assert.True(overlay.Height > 20);
        HashSet<int> legend = [.. Colours(overlay, fromRow: 20)];
        Assert.Contains(0xFF0000, legend);
        Assert.Contains(0x00FF00, legend);
        Assert.DoesNotContain(0x0000FF, legend);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(5000, 2)]
    public void Draw_AnySize_KeepsThePicture(int width, int height)
    {
        byte[] ids = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i % 3))];
        RgbImage overlay = OverlayPicture.Draw(new RgbImage(width, height), new LabelMap(width, height, ids), s_classes);
        Assert.Equal(width, overlay.Width);
        Assert.True(overlay.Height > height);
    }

    [Fact]
    public void Draw_NothingButIgnored_HasNoLegend()
    {
        RgbImage overlay = OverlayPicture.Draw(new RgbImage(2, 2), new LabelMap(2, 2, [255, 255, 255, 255]), s_classes);
        Assert.Equal((2, 2), (overlay.Width, overlay.Height));
    }

    [Fact]
    public void Font_EveryPrintableCharacter_HasItsOwnShape()
    {
        string[] shapes = [.. Enumerable.Range(32, 95).Select(code => Shape((char)code))];
        Assert.Equal(95, shapes.Distinct().Count());
        Assert.DoesNotContain('#', shapes[0]);
        Assert.DoesNotContain(Shape('ß'), shapes);
    }

    private static string Shape(char letter) => string.Concat(
        from row in Enumerable.Range(0, BitmapFont.Height)
        from column in Enumerable.Range(0, BitmapFont.Advance)
        select BitmapFont.HasInk(letter, row, column) ? '#' : '.');

    private static IEnumerable<int> Colours(RgbImage image, int fromRow)
    {
        for (int i = fromRow * image.Width * 3; i < image.Pixels.Length; i += 3)
        {
            yield return (image.Pixels[i] << 16) | (image.Pixels[i + 1] << 8) | image.Pixels[i + 2];
        }
    }
}
