using SegNeXt.TestUtilities;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class EarlyStoppingTests
{
    // No step is large enough to change a weight of float32, so that no evaluation is better than the first.
    private static readonly string[] s_still = ["train.lr=1e-30", "train.weight_decay=0", "train.norm_eval=true", "eval.interval=1", "train.early_stop=2", "checkpoint.interval=100"];

    [Theory]
    [InlineData(0.0, new[] { 0.3, 0.3, 0.4, 0.4, 0.35 }, 2)]
    [InlineData(0.05, new[] { 0.30, 0.34, 0.36, 0.40 }, 1)]
    [InlineData(0.0, new[] { double.NaN, double.NaN }, 2)]
    [InlineData(0.0, new[] { 0.3, double.NaN, 0.31 }, 0)]
    public void After_Evaluations_CountsThoseWithoutARise(double delta, double[] figures, int expected)
    {
        EarlyStopping rule = new(2, delta);
        StopCount count = StopCount.None;
        foreach (double figure in figures)
        {
            count = rule.After(count, figure);
        }

        Assert.Equal(expected, count.Stale);
        Assert.Equal(expected >= 2, rule.IsOver(count));
    }

    [Fact]
    public void Run_WithoutARise_StopsSaysWhyAndStaysStopped()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Recorder progress = new();
        TrainingSummary summary = Train(folder, "run", progress, s_still);
        Assert.Equal([1, 2, 3], progress.Evaluations);
        Assert.Equal(3, summary.Iterations);
        Assert.Contains("Stopped early after iteration 3: in 2 evaluations in a row mIoU has not risen above", summary.Ended!, StringComparison.Ordinal);
        Assert.Contains(summary.Ended!, progress.Messages);
        Assert.Contains("Stopped early after iteration 3", File.ReadAllText(folder.File("run", "report.html")), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.File("run", "samples")));

        Recorder again = new();
        TrainingSummary resumed = Train(folder, "run", again, true, s_still, default);
        Assert.Empty(again.Iterations);
        Assert.Equal(summary.Ended, resumed.Ended);
        Assert.Contains(summary.Ended!, again.Messages);

        // More patience goes on from there.
        Recorder longer = new();
        Train(folder, "run", longer, true, [.. s_still, "train.early_stop=3"], default);
        Assert.Equal([4], longer.Iterations);
    }

    [Fact]
    public void Resume_BetweenEvaluations_KeepsTheCount()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        TrainUntil(2, folder, "run", s_still);
        Recorder progress = new();
        TrainingSummary summary = Train(folder, "run", progress, true, s_still, default);
        Assert.Equal([2, 3], progress.Evaluations);
        Assert.Equal(3, summary.Iterations);
        Assert.Equal([1, 2, 3], Evaluations(folder.File("run")).Select(evaluation => evaluation.Iteration));
    }
}
