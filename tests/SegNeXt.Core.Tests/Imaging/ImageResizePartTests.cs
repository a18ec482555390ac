using SegNeXt.Core;

namespace SegNeXt.Core.Tests;

public class ImageResizePartTests
{
    [Theory]
    [InlineData(37, 23, 80, 61)]
    [InlineData(37, 23, 17, 11)]
    [InlineData(37, 23, 37, 23)]
    [InlineData(5, 3, 200, 7)]
    [InlineData(1, 1, 9, 9)]
    public void BilinearPart_AnyWindow_EqualsThatPartOfTheWhole(int width, int height, int newWidth, int newHeight)
    {
        RgbImage image = new(width, height);
        new Random(1).NextBytes(image.Pixels);
        byte[] whole = ImageResize.Bilinear(image, newWidth, newHeight).Pixels;
        Random random = new(2);
        for (int n = 0; n < 30; n++)
        {
            int partWidth = random.Next(1, newWidth + 1);
            int partHeight = random.Next(1, newHeight + 1);
            int x = random.Next(0, newWidth - partWidth + 1);
            int y = random.Next(0, newHeight - partHeight + 1);
            byte[] part = new byte[partWidth * partHeight * 3];
            ImageResize.BilinearPart(image, newWidth, newHeight, x, y, partWidth, partHeight, part);
            for (int row = 0; row < partHeight; row++)
            {
                Assert.Equal(
                    whole.AsSpan((((y + row) * newWidth) + x) * 3, partWidth * 3),
                    part.AsSpan(row * partWidth * 3, partWidth * 3));
            }
        }
    }

    [Fact]
    public void BilinearPart_OutsideOrWrongLength_Throws()
    {
        RgbImage image = new(4, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResize.BilinearPart(image, 8, 8, 5, 0, 4, 1, new byte[12]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResize.BilinearPart(image, 8, 8, 0, -1, 4, 1, new byte[12]));
        Assert.Throws<ArgumentException>(() => ImageResize.BilinearPart(image, 8, 8, 0, 0, 4, 1, new byte[11]));
    }
}
