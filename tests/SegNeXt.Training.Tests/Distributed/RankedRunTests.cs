using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Whole runs in several processes: the same as in one, whoever stops or resumes them.</summary>
public sealed class RankedRunTests : IDisposable
{
    /// <summary>Rounding of six steps of AdamW or Muon, whose first ones have the rate's size whatever the gradient's: what was seen is below 1e-4.</summary>
    private const double LossTolerance = 2e-3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void Train_StoppedByARankAndResumedByAnotherNumber_IsTheRunOfOneProcess(string optimizer)
    {
        string learn = "optimizer=" + optimizer;
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        SmallDataSet.Write(_folder.File("data"), val: 3);
        Task<RankProcesses.End[]> one = Task.Run(() => Run(1, "one", learn));

        // The last rank is told to stop in its third iteration: all end at the same one.
        RankProcesses.End[] stopped = Run(2, "many", "stop=3", learn);
        Assert.All(stopped, end => Assert.True(end.Code == 130, end.Error));
        Assert.Equal(3, Metadata("many", "iteration"));
        Assert.Equal(12, Metadata("many", "images"));

        // Three ranks have two images, one and one.
        Assert.All(Run(3, "many", "resume=true", learn), end => Assert.True(end.Code == 0, end.Error));
        Assert.All(one.GetAwaiter().GetResult(), end => Assert.True(end.Code == 0, end.Error));
        Assert.Equal(6, Metadata("many", "iteration"));
        Assert.Equal(Metadata("one", "images"), Metadata("many", "images"));

        double[] expected = ShortRun.Losses(_folder.File("one")), found = ShortRun.Losses(_folder.File("many"));
        Assert.Equal(6, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, LossTolerance * pair.First));
        (int Iteration, double MeanIoU)[] evaluations = ShortRun.Evaluations(_folder.File("many"));
        Assert.Equal(6, Assert.Single(evaluations).Iteration);
        Assert.InRange(evaluations[0].MeanIoU - ShortRun.Evaluations(_folder.File("one"))[0].MeanIoU, -0.02, 0.02);
        Assert.Contains("\"images\": 3", File.ReadAllText(Path.Combine(_folder.File("many"), "evaluation.json")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.File("many"), "report.html")));
    }

    [SkippableFact]
    public void Train_WithABadPicture_EndsAllAndNamesItOnce()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        SmallDataSet.Write(_folder.File("data"));
        foreach (string picture in Directory.GetFiles(_folder.File("data", "images", "train")))
        {
            // Whole in its head, which is looked at before a run, and cut off behind it.
            File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..200]);
        }

        RankProcesses.End[] ends = Run(2, "run");
        Assert.All(ends, end => Assert.NotEqual(0, end.Code));
        Assert.Contains(ends, end => end.Error.Contains("fault: ", StringComparison.Ordinal) && end.Error.Contains(".png", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Train_FewerImagesThanRanks_IsRefused()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        SmallDataSet.Write(_folder.File("data"));
        RankProcesses.End[] ends = Run(3, "run", "batch=2");
        Assert.All(ends, end => Assert.Contains("train.batch is 2, but 3 ranks train together", end.Error, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    private RankProcesses.End[] Run(int size, string run, params string[] options) =>
        RankProcesses.Run(size, "train", _folder.File(run), ["data=" + _folder.File("data"), .. options]);

    private long Metadata(string run, string key)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder.File(run), "last", "optimizer.safetensors"));
        return long.Parse(file.Metadata[key], System.Globalization.CultureInfo.InvariantCulture);
    }
}
