using SegNeXt.Core;

namespace SegNeXt.Training.Tests;

public class ImageScoreTests
{
    [Fact]
    public void Of_HandCase_CountsOverTheTruthsClasses()
    {
        // Class 0: 3 of 4 right, union 4. Class 1: 3 right, union 5 (one taken from 0, one lost to 2). One pixel is ignored.
        LabelMap truth = new(9, 1, [0, 0, 0, 0, 1, 1, 1, 1, 255]);
        LabelMap prediction = new(9, 1, [0, 0, 0, 1, 1, 1, 1, 2, 2]);
        ImageScore score = ImageScore.Of(prediction, truth);
        Assert.Equal((0.75 + 0.6) / 2, score.MeanIoU, 1e-12);
        Assert.Equal(6 / 8.0, score.PixelAccuracy, 1e-12);
        Assert.Equal([0, 1, 2], score.Classes.Select(c => c.Id));
        Assert.Equal([0.5, 0.5, 0.0], score.Classes.Select(c => c.Share));
        Assert.Equal([0.75, 0.6, 0.0], score.Classes.Select(c => c.IoU));
    }

    [Fact]
    public void Of_SpecksOfAClass_DoNotCountInTheMean()
    {
        LabelMap truth = new(100, 100);
        truth.Ids.AsSpan(0, 9).Fill(7);
        Assert.Equal(9991 / 10000.0, ImageScore.Of(new LabelMap(100, 100), truth).MeanIoU, 1e-12);
        truth.Ids.AsSpan(0, 10).Fill(7);
        Assert.Equal(9990 / 10000.0 / 2, ImageScore.Of(new LabelMap(100, 100), truth).MeanIoU, 1e-12);
    }

    [Fact]
    public void Of_NoLabels_IsNaN()
    {
        ImageScore score = ImageScore.Of(new LabelMap(2, 2), new LabelMap(2, 2, [255, 255, 255, 255]));
        Assert.True(double.IsNaN(score.MeanIoU) && double.IsNaN(score.PixelAccuracy));
        Assert.Empty(score.Classes);
    }

    [Fact]
    public void Of_OtherSize_Throws() => Assert.Throws<ArgumentException>(() => ImageScore.Of(new LabelMap(2, 3), new LabelMap(3, 2)));
}
