using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class HeatMapPictureTests
{
    [Fact]
    public void Draw_Map_ColoursThePictureAndPutsABarBesideIt()
    {
        RgbImage grey = new(60, 40);
        grey.Pixels.AsSpan().Fill(128);
        float[] map = new float[60 * 40];
        map[(10 * 60) + 20] = 1;
        RgbImage drawn = HeatMapPicture.Draw(grey, map, "car", new PixelWindow(30, 5, 20, 20), opacity: 1);
        Assert.True(drawn.Width > 60 && drawn.Height > 40);
        Assert.Equal(HeatMapPicture.Color(1), At(drawn, 20, 10));
        Assert.Equal(HeatMapPicture.Color(0), At(drawn, 21, 10));
        Assert.Equal(0xFFFFFF, At(drawn, 30, 5));
        Assert.Equal(128, grey.Pixels[0]);
    }

    [Fact]
    public void Draw_LongCaption_TakesMoreLines()
    {
        // Small pictures, as classifiers have them, are narrower than what there is to say.
        RgbImage small = new(144, 144);
        float[] map = new float[144 * 144];
        int line = new TextRenderer(13).LineHeight;
        int one = HeatMapPicture.Draw(small, map, "church, stage4").Height;
        RgbImage two = HeatMapPicture.Draw(small, map, "church, stage4: logit 2.96, probability 67.9 %");
        Assert.Equal(one + line, two.Height);
        Assert.Contains(Enumerable.Range(0, two.Width), x => At(two, x, two.Height - line) != At(two, 0, two.Height - 1));
    }

    [Fact]
    public void Draw_NoOpacity_LeavesThePicture()
    {
        RgbImage image = new(3, 2, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 9))]);
        RgbImage drawn = HeatMapPicture.Draw(image, [0, 0.2f, 0.4f, 0.6f, 0.8f, 1], "", opacity: 0);
        for (int i = 0; i < 6; i++)
        {
            int x = i % 3, y = i / 3;
            Assert.Equal((image.Pixels[3 * i] << 16) | (image.Pixels[(3 * i) + 1] << 8) | image.Pixels[(3 * i) + 2], At(drawn, x, y));
        }
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(-3, 0)]
    [InlineData(7, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    public void Color_OutsideTheRange_IsTheNearerEnd(float value, float end) => Assert.Equal(HeatMapPicture.Color(end), HeatMapPicture.Color(value));

    [Fact]
    public void Draw_OtherSize_IsRefused() => Assert.Throws<ArgumentException>(() => HeatMapPicture.Draw(new RgbImage(3, 2), new float[5], ""));

    private static int At(RgbImage image, int x, int y)
    {
        int at = 3 * ((y * image.Width) + x);
        return (image.Pixels[at] << 16) | (image.Pixels[at + 1] << 8) | image.Pixels[at + 2];
    }
}
