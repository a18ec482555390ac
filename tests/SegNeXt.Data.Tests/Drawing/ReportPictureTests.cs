using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>The confusion matrix and the grid of pictures.</summary>
public class ReportPictureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(27)]
    [InlineData(60)]
    [InlineData(150)]
    public void Confusion_PerfectMatrix_IsDarkOnTheDiagonalAlone(int k)
    {
        double[] matrix = new double[k * k];
        for (int i = 0; i < k; i++)
        {
            matrix[i * (k + 1)] = 1;
        }

        string[] names = [.. Enumerable.Range(0, k).Select(i => $"class {i}")];
        RgbImage image = ConfusionPicture.Draw(matrix, names);
        RgbImage empty = ConfusionPicture.Draw(new double[k * k], names);

        // The pixels that the ones have changed: squares on a line that goes down to the right.
        (int X, int Y)[] changed = [.. Enumerable.Range(0, image.Width * image.Height)
            .Select(i => (X: i % image.Width, Y: i / image.Width))
            .Where(p => DrawingCanvasTests.Color(image, p.X, p.Y) != DrawingCanvasTests.Color(empty, p.X, p.Y))];
        (int left, int top) = (changed.Min(p => p.X), changed.Min(p => p.Y));
        int cell = (changed.Max(p => p.X) - left + 2) / k;
        Assert.All(changed, p => Assert.Equal((p.X - left) / cell, (p.Y - top) / cell));
        Assert.Equal(k, changed.Select(p => (p.X - left) / cell).Distinct().Count());
        Assert.Contains(changed, p => DrawingCanvasTests.Color(image, p.X, p.Y) == 0x08306B);
    }

    [Fact]
    public void Confusion_AbsentClass_IsGrey()
    {
        RgbImage image = ConfusionPicture.Draw([0.5, 0.5, double.NaN, double.NaN], ["here", "not here"]);

        Assert.Contains(0xEDEFF2, Enumerable.Range(0, image.Width * image.Height).Select(i => DrawingCanvasTests.Color(image, i % image.Width, i / image.Width)));
    }

    [Fact]
    public void Confusion_OtherNumberOfNames_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ConfusionPicture.Draw(new double[4], ["one"]));
        Assert.Throws<ArgumentException>(() => ConfusionPicture.Draw([], []));
        Assert.Throws<ArgumentException>(() => ConfusionPicture.Draw(new double[3], ["one", "two"]));
    }

    [Fact]
    public void Grid_Pictures_StandSideBySideInTheirRatio()
    {
        RgbImage red = Plain(200, 100, 0xFF0000);
        RgbImage blue = Plain(400, 400, 0x0000FF);

        RgbImage grid = PictureGrid.Draw([[red, blue], [null, red]], ["first", "second"], ["one", "two"], cellWidth: 200);

        int[] colours = [.. Enumerable.Range(0, grid.Width * grid.Height).Select(i => DrawingCanvasTests.Color(grid, i % grid.Width, i / grid.Width))];
        Assert.Equal(2 * 200 * 100, colours.Count(c => c == 0xFF0000));
        Assert.Equal(200 * 200, colours.Count(c => c == 0x0000FF));
        Assert.InRange(grid.Width, 400, 450);
        Assert.InRange(grid.Height, 300, 420);
    }

    [Fact]
    public void Grid_NumbersThatDoNotFit_AreRefused()
    {
        RgbImage image = new(4, 4);
        Assert.Throws<ArgumentException>(() => PictureGrid.Draw([[image]], ["one", "two"]));
        Assert.Throws<ArgumentException>(() => PictureGrid.Draw([[image]], ["one"], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => PictureGrid.Draw([], ["one"]));
    }

    private static RgbImage Plain(int width, int height, int color) => new DrawingCanvas(width, height, color).Image;
}
