using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Runs with other losses than cross entropy, and with activation checkpointing.</summary>
public sealed class TrainerLossTests
{
    private static readonly string[] s_settings =
    [
        "train.iterations=4", "train.batch=2", "train.crop=32x48", "train.lr=1e-3", "train.warmup_iterations=2", "eval.interval=4",
        "checkpoint.interval=2", "log.interval=1", "train.workers=1", "seed=5", "model.drop_path=0.3",
    ];

    [Fact]
    public void Resume_WithOtherLosses_GoesOnBitForBit()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        string[] more = ["train.loss=lovasz + 0.5*ohem + focal + 2*dice", "train.class_weights=median_frequency", "train.ohem_min_kept=300", "train.loss_average=valid"];
        Train(folder, "whole", false, more);
        Assert.Throws<OperationCanceledException>(() => Train(folder, "parts", false, more, stopAfter: 2));
        Train(folder, "parts", true, more);

        Assert.Equal(Losses(folder.File("whole")), Losses(folder.File("parts")));
        Assert.All(Losses(folder.File("whole")), loss => Assert.True(double.IsFinite(loss) && loss > 0));
    }

    [Fact]
    public void Run_Checkpointing_GivesTheVeryLossesOfNone()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        foreach (string checkpointing in new[] { "none", "blocks" })
        {
            Train(folder, checkpointing, false, [$"train.activation_checkpointing={checkpointing}", "train.accumulate=2"]);
        }

        Assert.Equal(Losses(folder.File("none")), Losses(folder.File("blocks")));
        Assert.Equal(4, Losses(folder.File("none")).Distinct().Count());
    }

    [Fact]
    public void Run_WeightsOfAnotherNumberOfClasses_AreRefused()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));

        InputException error = Assert.Throws<InputException>(() => Train(folder, "run", false, ["train.class_weights=[1, 2]"]));

        Assert.Equal("train.class_weights lists 2 numbers, but the data set has 3 classes (left, middle, right).", error.Message);
    }

    private static void Train(TemporaryFolder folder, string run, bool resume, string[] more, int stopAfter = int.MaxValue)
    {
        RunConfig config = RunConfig.FromOptions(folder.File("data"), "t", [.. s_settings, .. more]);
        RunDescription about = new("test", DateTimeOffset.UnixEpoch, "cpu", new Dictionary<string, string>());
        using CancellationTokenSource stop = new();
        Stopping progress = new(stopAfter, stop);
        using Trainer trainer = new(config, new RunFolder(folder.File(run)), about, Device.Cpu, resume, progress);
        trainer.Run(stop.Token);
    }

    private static double[] Losses(string run) =>
        [.. RunLog.Read(Path.Combine(run, "log.jsonl")).Where(entry => !entry.IsEvaluation).Select(entry => entry["loss"])];

    private sealed class Stopping(int after, CancellationTokenSource stop) : ITrainingProgress
    {
        public void OnIteration(in TrainingStatus status)
        {
            if (status.Iteration >= after)
            {
                stop.Cancel();
            }
        }

        public void OnEvaluation(in EvaluationStatus result) => Assert.InRange(result.Figures[0].Value, 0, 1);

        public void OnMessage(string message) => Assert.NotEmpty(message);
    }
}
