using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Runs of a few iterations on a few small pictures, and what they leave.</summary>
internal static class ShortRun
{
    private static readonly string[] s_settings =
    [
        "train.iterations=6", "train.batch=2", "train.crop=32x48", "train.lr=1e-3", "train.warmup_iterations=2", "eval.interval=3",
        "checkpoint.interval=2", "log.interval=1", "train.workers=2", "seed=5",
    ];

    /// <summary>Trains on the folder's <c>data</c>.</summary>
    public static TrainingSummary Train(TemporaryFolder folder, string run, Recorder progress, params string[] more) =>
        Train(folder, run, progress, false, more, default);

    /// <summary>Trains on the folder's <c>data</c>, or goes on.</summary>
    public static TrainingSummary Train(TemporaryFolder folder, string run, Recorder progress, bool resume, string[] more, CancellationToken cancellation)
    {
        using Trainer trainer = Open(folder, run, progress, resume, more);
        return trainer.Run(cancellation);
    }

    /// <summary>Makes a run ready.</summary>
    public static Trainer Open(TemporaryFolder folder, string run, Recorder progress, bool resume, params string[] more) =>
        Open(Device.Cpu, folder, run, progress, resume, more);

    /// <summary>Makes a run on a device ready.</summary>
    public static Trainer Open(Device device, TemporaryFolder folder, string run, Recorder progress, bool resume, params string[] more)
    {
        RunConfig config = RunConfig.FromOptions(folder.File("data"), "t", [.. s_settings, .. more]);
        RunDescription about = new("test", DateTimeOffset.UnixEpoch, "cpu", new Dictionary<string, string>());
        return new Trainer(config, new RunFolder(folder.File(run)), about, device, resume, progress);
    }

    /// <summary>Trains until an iteration is done, then is interrupted.</summary>
    public static void TrainUntil(int iteration, TemporaryFolder folder, string run, params string[] more)
    {
        using CancellationTokenSource stop = new();
        Recorder progress = new() { StopAfter = iteration, Stop = stop };
        Assert.Throws<OperationCanceledException>(() => Train(folder, run, progress, false, more, stop.Token));
    }

    /// <summary>All values of a model file.</summary>
    public static byte[] Weights(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using MemoryStream all = new();
        foreach (TensorInfo tensor in file.Tensors)
        {
            var bytes = new byte[tensor.ByteLength];
            file.ReadBytes(tensor.Name, 0, bytes);
            all.Write(bytes);
        }

        return all.ToArray();
    }

    /// <summary>The losses in a run's log.</summary>
    public static double[] Losses(string run) =>
        [.. RunLog.Read(Path.Combine(run, "log.jsonl")).Where(entry => !entry.IsEvaluation).Select(entry => entry["loss"])];

    /// <summary>Iterations and figures of the evaluations in a run's log.</summary>
    public static (int Iteration, double MeanIoU)[] Evaluations(string run) =>
        [.. RunLog.Read(Path.Combine(run, "log.jsonl")).Where(entry => entry.IsEvaluation).Select(entry => (entry.Iteration, entry["mIoU"]))];

    /// <summary>Notes what a run tells, and stops it after an iteration when asked to.</summary>
    internal sealed class Recorder : ITrainingProgress
    {
        public int StopAfter { get; init; } = int.MaxValue;

        public CancellationTokenSource? Stop { get; init; }

        public List<int> Iterations { get; } = [];

        public List<double> Losses { get; } = [];

        public List<int> Evaluations { get; } = [];

        public List<string> Messages { get; } = [];

        public void OnIteration(in TrainingStatus status)
        {
            Iterations.Add(status.Iteration);
            Losses.Add(status.Loss);
            if (status.Iteration >= StopAfter)
            {
                Stop?.Cancel();
            }
        }

        public void OnEvaluation(in EvaluationStatus result) => Evaluations.Add(result.Iteration);

        public void OnMessage(string message) => Messages.Add(message);
    }
}
