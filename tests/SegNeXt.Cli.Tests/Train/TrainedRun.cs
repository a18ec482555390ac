using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

/// <summary>One short run of <c>train</c> on a few small pictures, which several tests look at and none changes.</summary>
public sealed class TrainedRun : IDisposable
{
    /// <summary>What makes a run of SegNeXt-T take a second.</summary>
    internal static readonly string[] Quick =
    [
        "train.iterations=3", "train.batch=2", "train.crop=32x32", "train.warmup_iterations=1", "train.workers=1", "eval.interval=3",
        "checkpoint.interval=2", "log.interval=1",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly CommandRun? _run;

    /// <summary>Trains, where there is a libtorch.</summary>
    public TrainedRun()
    {
        SmallDataSet.Write(Data);
        if (TorchRuntime.IsAvailable(out _))
        {
            _run = Train(Data, Folder);
        }
    }

    /// <summary>The data set: three classes, 72×56.</summary>
    internal string Data => _folder.File("data");

    /// <summary>The run's folder.</summary>
    internal string Folder => _folder.File("run");

    /// <summary>Weights that a model of three classes has.</summary>
    internal string Weights => Path.Combine(Folder, "best.safetensors");

    /// <summary>What the command said.</summary>
    internal CommandRun Run
    {
        get
        {
            Skip.If(_run is null, "there is no libtorch here");
            return _run!;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>Trains a few iterations on a data set.</summary>
    internal static CommandRun Train(string data, string folder, params string[] more) =>
        CommandRun.Of(["train", "--data", data, "--out", folder, .. Sets(Quick), .. more]);

    /// <summary>Settings as the options that give them.</summary>
    internal static IEnumerable<string> Sets(params string[] settings) => settings.SelectMany(setting => new[] { "--set", setting });
}
