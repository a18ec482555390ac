using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>All that a run's folder holds for its report; parts that are not there are null or empty.</summary>
internal sealed record ReportData
{
    private const int MaxSamples = 24;
    private const string PredictionEnd = "_prediction.png";

    // A report is one file that goes by mail; a picture beyond this is left out.
    private const long MaxPictureBytes = 8 << 20;

    public required string Name { get; init; }

    public required string? ConfigText { get; init; }

    /// <summary>The configuration, where its text is one that this version understands.</summary>
    public required RunConfig? Config { get; init; }

    public required IReadOnlyList<LogEntry> Iterations { get; init; }

    public required IReadOnlyList<LogEntry> Evaluations { get; init; }

    public required EvaluationData? Evaluation { get; init; }

    public required RunInfo? Info { get; init; }

    public required IReadOnlyList<SampleFiles> Samples { get; init; }

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
            Samples = ReadSamples(Path("samples")),
        };
    }

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

    private static List<SampleFiles> ReadSamples(string folder)
    {
        List<SampleFiles> samples = [];
        if (!Directory.Exists(folder))
        {
            return samples;
        }

        foreach (string prediction in Directory.GetFiles(folder, "*" + PredictionEnd).Order(StringComparer.Ordinal))
        {
            string stem = prediction[..^PredictionEnd.Length];
            string? image = Existing(stem + "_image.jpg") ?? Existing(stem + "_image.png");
            if (samples.Count < MaxSamples && image is not null && Existing(prediction) is not null)
            {
                samples.Add(new SampleFiles(System.IO.Path.GetFileName(stem), image, Existing(stem + "_truth.png"), prediction));
            }
        }

        return samples;
    }

    private static string? Existing(string path) => File.Exists(path) && new FileInfo(path).Length is > 0 and <= MaxPictureBytes ? path : null;
}

/// <summary>The pictures of one validation image.</summary>
internal sealed record SampleFiles(string Name, string Image, string? Truth, string Prediction);
