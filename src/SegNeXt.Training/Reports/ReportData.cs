using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>All that a run's folder holds for its report; parts that are not there are null or empty.</summary>
internal sealed record ReportData
{
    /// <summary>What the report is of, as its heading says.</summary>
    public string Kind { get; init; } = "Training report";

    public required string Name { get; init; }

    public required string? ConfigText { get; init; }

    /// <summary>The configuration, where its text is one that this version understands.</summary>
    public required RunConfig? Config { get; init; }

    public required IReadOnlyList<LogEntry> Iterations { get; init; }

    public required IReadOnlyList<LogEntry> Evaluations { get; init; }

    public required EvaluationData? Evaluation { get; init; }

    public required RunInfo? Info { get; init; }

    public required IReadOnlyList<SamplePictures> Samples { get; init; }

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="InputException">It is no run's folder, or one of its files is damaged.</exception>
    public static ReportData Read(string runFolder)
    {
        string Path(string name) => System.IO.Path.Combine(runFolder, name);
        if (!Directory.Exists(runFolder))
        {
            throw new InputException($"{runFolder}: there is no such folder.");
        }

        if (!File.Exists(Path("config.yaml")) && !File.Exists(Path(RunLog.FileName)) && !File.Exists(Path("evaluation.json")))
        {
            throw new InputException($"{runFolder}: is not the folder of a run; it has neither config.yaml nor {RunLog.FileName} nor evaluation.json.");
        }

        IReadOnlyList<LogEntry> log = File.Exists(Path(RunLog.FileName)) ? RunLog.Read(Path(RunLog.FileName)) : [];
        (string? text, RunConfig? config) = ReadConfig(Path("config.yaml"));
        return new ReportData
        {
            Name = new DirectoryInfo(runFolder).Name,
            ConfigText = text,
            Config = config,
            Iterations = [.. log.Where(entry => !entry.IsEvaluation)],
            Evaluations = [.. log.Where(entry => entry.IsEvaluation)],
            Evaluation = EvaluationData.Read(Path("evaluation.json")),
            Info = RunInfo.Read(Path("run.json")),
            Samples = SampleFiles.Read(Path("samples")),
        };
    }

    /// <summary>What an evaluation outside a run has to show.</summary>
    public static ReportData Of(string name, EvaluationResult result, ClassSet classes, EvaluationSamples samples, RunDescription about) => new()
    {
        Kind = "Evaluation report",
        Name = name,
        ConfigText = null,
        Config = null,
        Iterations = [],
        Evaluations = [],
        Evaluation = EvaluationData.Of(result, classes),
        Info = new RunInfo
        {
            Command = about.Command,
            Started = about.Started,
            Device = about.Device,
            Seconds = result.Seconds,
            Versions = [.. about.Versions.Select(version => (version.Key, version.Value))],
        },
        Samples = SampleFiles.Encode(samples, classes),
    };

    private static (string? Text, RunConfig? Config) ReadConfig(string path)
    {
        if (!File.Exists(path))
        {
            return (null, null);
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(path, exception);
        }

        try
        {
            return (text, RunConfig.Load(path, []));
        }
        catch (InputException)
        {
            // A run of another version: its text is shown as it is, and the figures taken from it are left out.
            return (text, null);
        }
    }
}
