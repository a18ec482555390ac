using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class ConfusionPictureTests
{
    [Fact]
    public void Draw_DiagonalIsDarkAndTheRestIsLight()
    {
        string[] names = ["a", "b", "c"];
        double[] shares = [1, 0, 0, 0, 1, 0, double.NaN, double.NaN, double.NaN];
        RgbImage image = ConfusionPicture.Draw(shares, names);

        // Cells of 44 pixels behind a margin of one letter; near a cell's corner there is no text.
        const int Margin = 24;
        Assert.Equal(0x08306B, At(image, Margin + 2, Margin + 2));
        Assert.Equal(0xF4F7FB, At(image, Margin + 46, Margin + 2));
        Assert.Equal(0x08306B, At(image, Margin + 46, Margin + 46));
        Assert.Equal(0xE0E0E0, At(image, Margin + 2, Margin + 90));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(255)]
    public void Draw_AnyNumberOfClasses_FitsIntoThePicture(int count)
    {
        string[] names = ClassSet.Default(count).Names;
        RgbImage image = ConfusionPicture.Draw(new double[count * count], names);
        Assert.True(image.Width > count * 10 && image.Height > count * 10);
    }

    [Fact]
    public void Draw_SharesThatDoNotFit_AreRefused() => Assert.Throws<ArgumentException>(() => ConfusionPicture.Draw(new double[3], ["a", "b"]));

    private static int At(RgbImage image, int x, int y)
    {
        int i = ((y * image.Width) + x) * 3;
        return (image.Pixels[i] << 16) | (image.Pixels[i + 1] << 8) | image.Pixels[i + 2];
    }
}
