using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class JpegReductionTests
{
    [Theory]
    [InlineData(1, 83, 61)]
    [InlineData(2, 42, 31)]
    [InlineData(4, 21, 16)]
    [InlineData(8, 11, 8)]
    public void ReadRgb_Reduced_HasTheRoundedUpSizeAndTheSameColours(int reduction, int width, int height)
    {
        RgbImage image = ImageFile.ReadRgb(Gradient(83, 61), "x.jpg", new ImageReadOptions { Reduction = reduction });
        Assert.Equal((width, height), (image.Width, image.Height));
        for (int y = 0; y < height - 1; y++)
        {
            for (int x = 0; x < width - 1; x++)
            {
                int p = ((y * width) + x) * 3;
                Assert.InRange(image.Pixels[p] - (((x + 0.5) * reduction) - 0.5) * 3, -5, 5);
                Assert.InRange(image.Pixels[p + 1] - (((y + 0.5) * reduction) - 0.5) * 4, -5, 5);
            }
        }
    }

    [Fact]
    public void ReadRgb_ReducedPng_KeepsItsSize()
    {
        byte[] png = PngWriter.EncodeRgb(new RgbImage(10, 9));
        Assert.Equal(10, ImageFile.ReadRgb(png, "x.png", new ImageReadOptions { Reduction = 4 }).Width);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(16)]
    public void ReadRgb_OtherReduction_Throws(int reduction) =>
        Assert.Throws<ArgumentException>(() => ImageFile.ReadRgb(Gradient(16, 16), "x.jpg", new ImageReadOptions { Reduction = reduction }));

    private static byte[] Gradient(int width, int height)
    {
        RgbImage image = new(width, height);
        for (int p = 0; p < width * height; p++)
        {
            image.Pixels[3 * p] = (byte)(p % width * 3);
            image.Pixels[(3 * p) + 1] = (byte)(p / width * 4);
            image.Pixels[(3 * p) + 2] = 100;
        }

        return JpegWriter.Encode(image, 98);
    }
}
