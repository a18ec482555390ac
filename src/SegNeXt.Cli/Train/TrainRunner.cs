using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>A training run with its progress shown; the commands <c>train</c> and <c>demo</c> share it.</summary>
internal static class TrainRunner
{
    /// <summary>Trains.</summary>
    /// <param name="config">The resolved configuration.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="deviceName"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="resume">Whether to go on from the last checkpoint.</param>
    /// <param name="terminal">Who is told.</param>
    /// <param name="place">This process's place among those that train together, or null where it is alone.</param>
    /// <returns>What came of it; null in all but rank 0, which alone speaks of it.</returns>
    /// <exception cref="InputException">The folder holds a run and this is no resumption, or anything else is unusable.</exception>
    public static TrainingSummary? Run(RunConfig config, RunFolder run, string deviceName, bool resume, Terminal terminal, RankEnvironment? place = null)
    {
        Device device = TorchSetup.Open(deviceName, config.Threads == 0 ? null : config.Threads);
        using Ranks ranks = Ranks.Join(place, device, TimeSpan.FromSeconds(config.Train.RankTimeout));
        TrainingSummary summary = ranks.Run(() => Run(config, run, device, deviceName, resume, terminal, ranks));
        return ranks.IsMain ? summary : null;
    }

    private static TrainingSummary Run(RunConfig config, RunFolder run, Device device, string deviceName, bool resume, Terminal terminal, Ranks ranks)
    {
        RunHold? held = null;
        try
        {
            resume = ranks.IsAgreed(() =>
            {
                held = RunHold.Of(run);
                return Resumes(run, resume, terminal);
            });
            return Train(config, run, device, deviceName, resume, terminal, ranks);
        }
        finally
        {
            held?.Dispose();
        }
    }

    private static TrainingSummary Train(RunConfig config, RunFolder run, Device device, string deviceName, bool resume, Terminal terminal, Ranks ranks)
    {
        RunDescription about = Describe(ranks.IsTogether ? $"{deviceName}, {ranks.Size} ranks" : deviceName, TorchVersion);
        TrainingSummary RunWith(ITrainingProgress progress)
        {
            using Trainer trainer = new(config, run, about, device, resume, progress, ranks);
            return trainer.Run(terminal.Cancellation);
        }

        return ranks.IsMain ? TrainingDisplay.Show(terminal, config, RunWith) : RunWith(SilentProgress.Instance);
    }

    private static bool Resumes(RunFolder run, bool resume, Terminal terminal)
    {
        if (run.HasRun && !resume)
        {
            throw new InputException($"{run.Path} holds a run already; go on with it by --resume, or choose another --out.");
        }

        if (resume && !new CheckpointStore(run.Path).Exists)
        {
            terminal.Note($"{run.Path} has no checkpoint yet; starting from the beginning.");
            return false;
        }

        return resume;
    }

    /// <summary>libtorch's name and version, as a report has them; loads it.</summary>
    public static KeyValuePair<string, string> TorchVersion => new("libtorch", TorchRuntime.Version);

    /// <summary>What a report says of the command that is running.</summary>
    /// <param name="deviceName"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="engine">Name and version of what the network runs on.</param>
    public static RunDescription Describe(string deviceName, KeyValuePair<string, string> engine) => new(
        CommandText(Environment.CommandLine),
        DateTimeOffset.Now,
        deviceName,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["SegNeXt.NET"] = CommandLine.Version, [engine.Key] = engine.Value, [".NET"] = Environment.Version.ToString() });

    /// <summary>Prints the figures of a finished run and where its results are.</summary>
    public static void Show(TrainingSummary summary, RunFolder run, RunConfig config, Terminal terminal)
    {
        if (summary.Last is EvaluationResult last)
        {
            terminal.Show(MetricsTable.Create(last.Metrics, ClassNames(run, last), last.Images, last.Seconds));
        }
        else if (summary.Last is ClassificationResult classified)
        {
            terminal.Show(ClassificationTable.Create(classified));
        }

        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Iterations} of {summary.Planned} iterations in {WorkProgress.Duration(TimeSpan.FromSeconds(summary.Seconds))}, best {(config.Pretrain is null ? "mIoU" : "top-1")} {summary.BestScore:0.0000}"));
        if (summary.Ended is { } reason)
        {
            terminal.Output.WriteLine(reason);
        }

        terminal.Output.WriteLine($"weights {run.BestWeights}");
        terminal.Output.WriteLine($"report  {Path.Combine(run.Path, Report.FileName)}");
    }

    private static string[] ClassNames(RunFolder run, EvaluationResult last)
    {
        using ITensorSource weights = TensorFiles.Open(run.BestWeights);
        return ModelInspector.Recover(weights).Config.ClassNames ?? ClassSet.Default(last.Confusion.Classes).Names;
    }

    /// <summary>The command as the user typed it: the launcher instead of the program file it runs.</summary>
    private static string CommandText(string line)
    {
        int end = line.IndexOf("segnext.dll", StringComparison.Ordinal);
        return end < 0 ? line : "./segnext" + line[(end + "segnext.dll".Length)..];
    }
}
