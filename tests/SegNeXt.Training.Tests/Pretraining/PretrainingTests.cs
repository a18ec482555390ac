using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class PretrainingTests : IDisposable
{
    private static readonly string[] s_settings =
    [
        "train.batch=4", "train.crop=32x32", "train.lr=2e-3", "train.workers=2", "log.interval=1", "seed=5", "pretrain.warmup_epochs=0.5", "pretrain.eval_crop=1",
        "pretrain.randaugment=9", "pretrain.erase=0.25", "pretrain.mixup=0.8", "pretrain.cutmix=1", "pretrain.epochs=2", "train.ema=0.9", "pretrain.holdout=0.25",
    ];

    private readonly TemporaryFolder _folder = new();

    public PretrainingTests() => ClassPictures.Write(_folder.File("data"), "train", 8);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_ClassFolders_WritesARunAsSegmentationDoes()
    {
        Recorder progress = new();
        TrainingSummary summary = Train("run", progress);

        // 18 of 24 pictures in batches of 4 are 4.5 iterations an epoch.
        Assert.Equal(9, summary.Iterations);
        Assert.Equal([5, 9], progress.Evaluations);
        foreach (string name in new[] { "config.yaml", "run.json", "log.jsonl", "best.safetensors", "evaluation.json", "report.html", "last/model.safetensors", "last/optimizer.safetensors", "last/ema.safetensors" })
        {
            Assert.True(File.Exists(_folder.File("run", name)), name);
        }

        LogEntry evaluation = RunLog.Read(_folder.File("run", "log.jsonl")).Last(entry => entry.IsEvaluation);
        Assert.InRange(evaluation["top1"], 0, 1);
        Assert.Equal(1, evaluation["top5"]);
        Assert.Contains("18 pictures to train on, 6 to evaluate on", progress.Messages[0], StringComparison.Ordinal);
        using ITensorSource weights = TensorFiles.Open(_folder.File("run", "best.safetensors"));
        ModelConfig config = ModelInspector.Recover(weights).Config;
        Assert.Null(config.Decoder);
        Assert.Equal(["blue", "green", "red"], config.ClassNames!);
        Assert.Equal(new ClassificationTest(32, 32, 1), ClassificationTest.Of(weights.Metadata));
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("fp32", "muon")]
    [InlineData("bf16", "muon")]
    public void Run_EasyTask_IsLearnt(string precision, string optimizer = "adamw")
    {
        TrainingSummary summary = Train("run", new Recorder(), $"train.precision={precision}", $"train.optimizer={optimizer}", "pretrain.epochs=8", "pretrain.randaugment=null", "pretrain.erase=0", "pretrain.mixup=0", "pretrain.cutmix=0", "train.ema=null");
        Assert.True(summary.BestScore > 0.8, $"top-1 is {summary.BestScore}");
        Assert.Equal(9 * 4, summary.Planned);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(3, "train.optimizer=muon")]
    [InlineData(5, "train.optimizer=muon", "train.precision=bf16")]
    public void Resume_AfterAStopAnywhere_GivesTheVeryWeightsOfARunInOnePiece(int stopAfter, params string[] more)
    {
        string[] growing = ["pretrain.sizes=[32, 48]", "train.accumulate=2", "train.crop=48x48", "train.batch=2", .. more];
        Train("whole", new Recorder(), growing);
        using (CancellationTokenSource stop = new())
        {
            Recorder progress = new() { StopAfter = stopAfter, Stop = stop };
            Assert.Throws<OperationCanceledException>(() => Run("parts", progress, false, growing, stop.Token));
        }

        Run("parts", new Recorder(), true, [.. growing, "train.workers=1"], default);
        foreach (string name in new[] { "model.safetensors", "ema.safetensors", "optimizer.safetensors" })
        {
            Assert.Equal(Weights(_folder.File("whole", "last", name)), Weights(_folder.File("parts", "last", name)));
        }

        Assert.Equal(Losses(_folder.File("whole")), Losses(_folder.File("parts")));
    }

    [Fact]
    public void Init_SegmentationFromItsEncoder_LoadsAllOfIt()
    {
        Train("run", new Recorder(), "pretrain.epochs=0.5");
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", 7), generator);
        LoadReport report = ModelLoader.Initialise(model, _folder.File("run", "best.safetensors"));
        Assert.Equal(report.Total, report.Loaded);
        Assert.Contains("decoder new", report.New, StringComparison.Ordinal);
        using ITensorSource weights = TensorFiles.Open(_folder.File("run", "best.safetensors"));
        var expected = new float[256];
        weights.ReadFloats("norm4.weight", expected);
        Assert.Equal(expected, model.NamedParameters().Single(entry => entry.Key == "backbone.norm4.weight").Value.ToArray<float>());

        // And back: a classifier from a segmentation model's encoder, or from one of other classes.
        ModelState.Save(_folder.File("seg.safetensors"), model, model.Config);
        using MscanClassifier classifier = new(ModelConfig.Classifier("t", 4), generator);
        LoadReport back = ModelLoader.Initialise(classifier, _folder.File("seg.safetensors"));
        Assert.Equal((report.Loaded, report.Total), (back.Loaded, back.Total));
        Assert.Equal(expected, classifier.NamedParameters().Single(entry => entry.Key == "norm4.weight").Value.ToArray<float>());
        LoadReport others = ModelLoader.Initialise(classifier, _folder.File("run", "best.safetensors"));
        Assert.Equal("classifier new (3 classes in the file, 4 here)", others.New);
    }

    [Fact]
    public void Open_NoValidationSplit_NamesTheRemedy()
    {
        InputException error = Assert.Throws<InputException>(() => Train("run", new Recorder(), "pretrain.holdout=0"));
        Assert.Contains("pretrain.holdout=0.1", error.Message, StringComparison.Ordinal);
        ClassPictures.Write(_folder.File("data"), "val", 2);
        Recorder progress = new();
        Train("run2", progress, "pretrain.holdout=0", "pretrain.epochs=0.2");
        Assert.Contains("24 pictures to train on, 6 to evaluate on;", progress.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_DamagedPicture_IsNamedAndTheOthersCount()
    {
        Train("run", new Recorder(), "pretrain.epochs=0.5");
        File.WriteAllText(_folder.File("data", "train", "green", "003.png"), "no picture");
        using Generator generator = new(1);
        (MscanClassifier model, _) = ModelLoader.OpenClassifier(_folder.File("run", "best.safetensors"), generator);
        using MscanClassifier owned = model;
        List<string> faults = [];
        ClassificationResult result = ClassificationEvaluator.Run(
            model, Device.Cpu, ClassFolderDataSet.Open(_folder.File("data"), "train"), new ClassificationTest(32, 32, Batch: 5), null, default, (_, fault) => faults.Add(fault.Message));
        Assert.Equal(23, result.Images);
        Assert.Contains("003.png", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Equal(result.Top1, Enumerable.Range(0, 3).Sum(i => result.Confusion![i, i]) / 23.0, 1e-12);
    }

    [Fact]
    public void Rank_EqualScores_CountsTheLowerIndexFirst()
    {
        float[] scores = [1, 3, 3, 2];
        Assert.Equal([3, 0, 1, 2], Enumerable.Range(0, 4).Select(i => ClassificationEvaluator.Rank(scores, i)));
    }

    private TrainingSummary Train(string run, Recorder progress, params string[] more) => Run(run, progress, false, more, default);

    private TrainingSummary Run(string run, Recorder progress, bool resume, string[] more, CancellationToken cancellation)
    {
        RunConfig config = RunConfig.FromClassFolders(_folder.File("data"), "t", [.. s_settings, .. more]);
        RunDescription about = new("test", DateTimeOffset.UnixEpoch, "cpu", new Dictionary<string, string>());
        using Trainer trainer = new(config, new RunFolder(_folder.File(run)), about, Device.Cpu, resume, progress);
        return trainer.Run(cancellation);
    }
}
