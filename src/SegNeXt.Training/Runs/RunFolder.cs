using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// The folder of a run: <c>config.yaml</c>, <c>run.json</c>, <c>log.jsonl</c>, TensorBoard events, <c>last/</c>,
/// <c>best.safetensors</c>, <c>evaluation.json</c>, <c>confusion.png</c>, <c>samples/</c>, <c>report.html</c>.
/// </summary>
public sealed class RunFolder
{
    /// <summary>Names the folder, which need not be there: it is made when the run begins.</summary>
    /// <param name="path">Its path.</param>
    public RunFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>The weights of the best evaluation.</summary>
    public string BestWeights => File("best.safetensors");

    /// <summary>The resolved configuration.</summary>
    public string Config => File("config.yaml");

    /// <summary>The log.</summary>
    public string Log => File("log.jsonl");

    /// <summary>Pictures for the report.</summary>
    public string Samples => File("samples");

    /// <summary>Whether a run has been started here.</summary>
    public bool HasRun => System.IO.File.Exists(Config) || System.IO.File.Exists(Log);

    /// <summary>Writes the last evaluation: CLI.md's JSON with the confusion matrix and palette, and its picture.</summary>
    /// <param name="result">The evaluation.</param>
    /// <param name="classes">Names and colours.</param>
    /// <param name="samples">The images to show, written to <see cref="Samples"/>.</param>
    public void WriteEvaluation(EvaluationResult result, ClassSet classes, EvaluationSamples samples)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(samples);
        SampleFiles.Write(Samples, SampleFiles.Encode(samples, classes));
        AtomicFile.Write(File("evaluation.json"), stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            MetricsJson.WriteFields(json, result.Metrics, classes.Names, result.Images, result.Seconds);
            json.WriteStartArray("palette");
            foreach (int colour in classes.Palette)
            {
                json.WriteNumberValue(colour);
            }

            json.WriteEndArray();
            WriteConfusion(json, result.Confusion);
            json.WriteEndObject();
        });
        PngWriter.WriteRgb(File("confusion.png"), ConfusionPicture.Draw(result.Confusion.NormalizeRows(), classes.Names));
    }

    /// <summary>Writes a classifier's last evaluation: CLI.md's JSON with each class's accuracy and the confusion matrix.</summary>
    /// <param name="result">The evaluation.</param>
    /// <param name="classes">Names of the classes.</param>
    public void WriteEvaluation(ClassificationResult result, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(classes);
        AtomicFile.Write(File("evaluation.json"), stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            ClassificationJson.WriteFields(json, result);
            if (result.Accuracies() is { } accuracies)
            {
                json.WriteStartArray("classes");
                for (int i = 0; i < classes.Count; i++)
                {
                    json.WriteStartObject();
                    json.WriteString("name", classes[i]);
                    MetricsJson.WriteFraction(json, "Acc", accuracies[i]);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                WriteConfusion(json, result.Confusion!);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>Writes what the report says of the run itself: <c>run.json</c>.</summary>
    /// <param name="about">The command, device and versions.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="seconds">Seconds trained so far.</param>
    /// <param name="ended">Why the run ended before its last iteration; null where it did not.</param>
    internal void WriteRunInfo(RunDescription about, long parameters, double seconds, string? ended = null) =>
        AtomicFile.Write(File("run.json"), stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("command", about.Command);
            json.WriteString("started", about.Started);
            json.WriteString("device", about.Device);
            json.WriteStartObject("versions");
            foreach ((string name, string version) in about.Versions)
            {
                json.WriteString(name, version);
            }

            json.WriteEndObject();
            json.WriteNumber("parameters", parameters);
            json.WriteNumber("seconds", Math.Round(seconds, 1));
            if (ended is not null)
            {
                json.WriteString("ended", ended);
            }

            json.WriteEndObject();
        });

    /// <summary>Makes the folder, unless it is there.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    internal void Create() => OutputFolder.Create(Path);

    /// <summary>Writes the resolved configuration.</summary>
    internal void WriteConfig(RunConfig config) => AtomicFile.WriteText(Config, config.ToYaml());

    private static void WriteConfusion(Utf8JsonWriter json, ConfusionMatrix confusion)
    {
        json.WriteStartArray("confusion");
        for (int label = 0; label < confusion.Classes; label++)
        {
            json.WriteStartArray();
            for (int prediction = 0; prediction < confusion.Classes; prediction++)
            {
                json.WriteNumberValue(confusion[label, prediction]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
