using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void Run_SmallDataSet_WritesWhatTheContractNames()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Recorder progress = new();
        TrainingSummary summary = Train(folder, "run", progress);

        Assert.Equal(6, summary.Iterations);
        Assert.Equal([1, 2, 3, 4, 5, 6], progress.Iterations);
        Assert.Equal([3, 6], progress.Evaluations);
        foreach (string name in new[] { "config.yaml", "run.json", "log.jsonl", "best.safetensors", "evaluation.json", "report.html", "last/model.safetensors", "last/optimizer.safetensors" })
        {
            Assert.True(File.Exists(folder.File("run", name)), name);
        }

        Assert.Contains(Directory.GetFiles(folder.File("run")), file => Path.GetFileName(file).StartsWith("events.out.tfevents", StringComparison.Ordinal));
        Assert.Equal(6, RunLog.Read(folder.File("run", "log.jsonl")).Count(entry => !entry.IsEvaluation));
        Assert.Equal(
            ["last", "last.previous"],
            Directory.EnumerateDirectories(folder.File("run"), "last*").Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));

        using ITensorSource weights = TensorFiles.Open(folder.File("run", "best.safetensors"));
        ModelConfig config = ModelInspector.Recover(weights).Config;
        Assert.Equal(SmallDataSet.Classes, config.NumClasses);
        Assert.Equal(["left", "middle", "right"], config.ClassNames!);
    }

    [Fact]
    public void Run_LongerOnAnEasyTask_LearnsIt()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"), train: 12, val: 4);
        Recorder progress = new();
        TrainingSummary summary = Train(folder, "run", progress, "train.iterations=60", "train.batch=4", "eval.interval=60", "checkpoint.interval=60");
        Assert.True(progress.Losses[^1] < 0.5 * progress.Losses[0], $"the loss went from {progress.Losses[0]} to {progress.Losses[^1]}");
        Assert.True(summary.BestScore > 0.5, $"mIoU is {summary.BestScore}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Resume_AfterAStopAnywhere_GivesTheVeryWeightsOfARunInOnePiece(int stopAfter)
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Train(folder, "whole", new Recorder());

        using (CancellationTokenSource stop = new())
        {
            Recorder progress = new() { StopAfter = stopAfter, Stop = stop };
            Assert.Throws<OperationCanceledException>(() => Train(folder, "parts", progress, false, [], stop.Token));
        }

        Train(folder, "parts", new Recorder(), true, [], default);
        Assert.Equal(Weights(folder.File("whole", "last", "model.safetensors")), Weights(folder.File("parts", "last", "model.safetensors")));
        Assert.Equal(Losses(folder.File("whole")), Losses(folder.File("parts")));
    }

    [Fact]
    public void Run_WithOtherWorkers_GivesTheSameWeights()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Train(folder, "one", new Recorder(), "train.workers=1");
        Train(folder, "four", new Recorder(), "train.workers=4");
        Assert.Equal(Weights(folder.File("one", "last", "model.safetensors")), Weights(folder.File("four", "last", "model.safetensors")));
    }

    [Fact]
    public void Resume_KilledBetweenTheTwoRenames_GoesOnFromThePreviousCheckpoint()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        using (CancellationTokenSource stop = new())
        {
            Assert.Throws<OperationCanceledException>(() => Train(folder, "run", new Recorder { StopAfter = 3, Stop = stop }, false, [], stop.Token));
        }

        Directory.Delete(folder.File("run", "last.previous"), recursive: true);
        Directory.Move(folder.File("run", "last"), folder.File("run", "last.previous"));
        Directory.CreateDirectory(folder.File("run", "last.new"));
        Recorder progress = new();
        Train(folder, "run", progress, true, [], default);
        Assert.Equal([4, 5, 6], progress.Iterations);
        Assert.True(Directory.Exists(folder.File("run", "last")));
        Assert.False(Directory.Exists(folder.File("run", "last.new")));
    }

    [Fact]
    public void Run_DamagedImageInTheMiddle_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        string image = folder.File("data", "images", "train", "003.png");
        byte[] bytes = File.ReadAllBytes(image);
        File.WriteAllBytes(image, bytes[..(bytes.Length / 2)]);
        InputException error = Assert.Throws<InputException>(() => Train(folder, "run", new Recorder()));
        Assert.Contains("003.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_AfterAStopInTheLastEvaluation_DoesThatEvaluation()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        using (CancellationTokenSource stop = new())
        {
            Assert.Throws<OperationCanceledException>(() => Train(folder, "run", new Recorder { StopAfter = 6, Stop = stop }, false, [], stop.Token));
        }

        Recorder progress = new();
        TrainingSummary summary = Train(folder, "run", progress, true, [], default);
        Assert.Empty(progress.Iterations);
        Assert.Equal([6], progress.Evaluations);
        Assert.NotNull(summary.Last);
        Assert.True(File.Exists(folder.File("run", "report.html")));

        // Once is enough, however often the run is resumed; its figures stay.
        TrainingSummary again = Train(folder, "run", progress, true, [], default);
        Assert.Equal([6], progress.Evaluations);
        Assert.Equal(summary.BestScore, again.BestScore);
        Assert.Equal([3, 6], RunLog.Read(folder.File("run", "log.jsonl")).Where(entry => entry.IsEvaluation).Select(entry => entry.Iteration));
    }

    [Fact]
    public void Run_CheckpointThatCannotBeWritten_KeepsTheOneBeforeAndSaysSo()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Train(folder, "run", new Recorder());
        byte[] before = Weights(folder.File("run", "last", "model.safetensors"));
        File.WriteAllText(folder.File("run", "last.new"), "in the way of the next checkpoint");
        InputException error = Assert.Throws<InputException>(() => Train(folder, "run", new Recorder(), true, ["train.iterations=8"], default));
        Assert.StartsWith("The checkpoint of iteration 8 could not be written", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("the checkpoint before it stays.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Weights(folder.File("run", "last", "model.safetensors")));
    }

    [Fact]
    public void Run_RateThatBreaksTheWeights_EndsWithASentence()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        InputException error = Assert.Throws<InputException>(() => Train(folder, "run", new Recorder(), "train.lr=1e30", "train.warmup_iterations=0"));
        Assert.Contains("train.lr", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_FromAClassifierAndFromOtherClasses_LoadsWhatFits()
    {
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        ModelConfig classifier = ModelConfig.Classifier("t", 10);
        using (MscanClassifier source = new(classifier, generator))
        {
            ModelState.Save(folder.File("mscan.safetensors"), source, classifier);
        }

        ModelConfig other = ModelConfig.Preset("t", 7);
        using (SegmentationModel source = new(other, generator))
        {
            ModelState.Save(folder.File("other.safetensors"), source, other);
        }

        using SegmentationModel model = new(ModelConfig.Preset("t", 3), generator);
        LoadReport encoder = ModelLoader.Initialise(model, folder.File("mscan.safetensors"));
        Assert.Equal(ModelLayout.Enumerate(classifier).Count - 2, encoder.Loaded);
        LoadReport all = ModelLoader.Initialise(model, folder.File("other.safetensors"));
        Assert.Equal(ModelLayout.Enumerate(other).Count - 2, all.Loaded);

        using SegmentationModel small = new(ModelConfig.Preset("s", 3), generator);
        InputException error = Assert.Throws<InputException>(() => ModelLoader.Initialise(small, folder.File("mscan.safetensors")));
        Assert.Contains("backbone.patch_embed1.proj.0.weight", error.Message, StringComparison.Ordinal);
    }
}
