using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>What is drawn lies where it should, and nothing is drawn outside.</summary>
public class DrawingCanvasTests
{
    [Theory]
    [InlineData(2, 3, 4, 5)]
    [InlineData(-3, -2, 8, 6)]
    [InlineData(7, 6, 100, 100)]
    [InlineData(20, 20, 3, 3)]
    [InlineData(-9, 2, 4, 4)]
    [InlineData(2, 2, 0, 4)]
    public void FillRectangle_Anywhere_ColoursItsPixelsAlone(int x, int y, int width, int height)
    {
        DrawingCanvas canvas = new(10, 9, 0x102030);

        canvas.FillRectangle(x, y, width, height, 0xA0B0C0);

        for (int i = 0; i < 90; i++)
        {
            bool inside = i % 10 >= x && i % 10 < x + width && i / 10 >= y && i / 10 < y + height;
            Assert.Equal(inside ? 0xA0B0C0 : 0x102030, Color(canvas.Image, i % 10, i / 10));
        }
    }

    [Fact]
    public void DrawRectangle_Border_LeavesTheInside()
    {
        DrawingCanvas canvas = new(8, 8);

        canvas.DrawRectangle(1, 1, 6, 6, 0, thickness: 2);

        Assert.Equal(0xFFFFFF, Color(canvas.Image, 0, 0));
        Assert.Equal(0, Color(canvas.Image, 1, 6));
        Assert.Equal(0, Color(canvas.Image, 2, 2));
        Assert.Equal(0xFFFFFF, Color(canvas.Image, 3, 3));
        Assert.Equal(32, Enumerable.Range(0, 64).Count(i => Color(canvas.Image, i % 8, i / 8) == 0));
    }

    [Fact]
    public void DrawLine_Level_FillsItsRow()
    {
        DrawingCanvas canvas = new(20, 5);

        canvas.DrawLine(3, 2.5, 17, 2.5, 0, thickness: 1);

        Assert.Equal(0, Color(canvas.Image, 10, 2));
        Assert.Equal(0xFFFFFF, Color(canvas.Image, 10, 1));
        Assert.Equal(0xFFFFFF, Color(canvas.Image, 10, 3));
        Assert.Equal(0xFFFFFF, Color(canvas.Image, 0, 2));
        canvas.DrawLine(-50, -50, 70, 55, 0x112233, thickness: 3);
        canvas.DrawLine(-9, -9, -5, -5, 0x112233);
    }

    [Theory]
    [InlineData(-2, -1)]
    [InlineData(3, 2)]
    [InlineData(9, 9)]
    [InlineData(-40, 3)]
    public void DrawImage_Anywhere_CopiesWhatIsInside(int x, int y)
    {
        RgbImage image = TestPictures.Noise(5, 4, seed: 3);
        DrawingCanvas canvas = new(8, 6, 0);

        canvas.DrawImage(image, x, y);

        for (int i = 0; i < 48; i++)
        {
            (int column, int row) = (i % 8 - x, i / 8 - y);
            bool inside = column is >= 0 and < 5 && row is >= 0 and < 4;
            Assert.Equal(inside ? Color(image, column, row) : 0, Color(canvas.Image, i % 8, i / 8));
        }
    }

    internal static int Color(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> p = image.Pixels.AsSpan((y * image.Width + x) * 3, 3);
        return p[0] << 16 | p[1] << 8 | p[2];
    }
}
