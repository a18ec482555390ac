using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// The pictures of an evaluation in a run's folder: <c>samples/worst_1_image.jpg</c>, <c>…_truth.png</c>,
/// <c>…_prediction.png</c>, <c>…_errors.jpg</c>, likewise <c>best_N</c> and <c>sample_N</c>, and <c>samples.json</c>, which
/// says what they are. An evaluation writes over those of the one before; the index comes last, and what it does not name
/// is not shown.
/// </summary>
internal static class SampleFiles
{
    public const string IndexName = "samples.json";

    // A report is one file that goes by mail; a picture beyond this is left out.
    private const long MaxPictureBytes = 8 << 20;
    private const int MaxSamples = 24;
    private const int JpegQuality = 84;
    private const int ErrorsQuality = 80;
    private const string PredictionEnd = "_prediction.png";

    /// <summary>Encodes an evaluation's pictures.</summary>
    public static IReadOnlyList<SamplePictures> Encode(EvaluationSamples samples, ClassSet classes) =>
    [
        .. samples.Worst.Select(sample => Encode(SampleKind.Worst, sample, classes)),
        .. samples.Best.Select(sample => Encode(SampleKind.Best, sample, classes)),
        .. samples.Spread.Select(sample => Encode(SampleKind.Spread, sample, classes)),
    ];

    /// <summary>Writes them.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<SamplePictures> samples)
    {
        OutputFolder.Create(folder);
        Dictionary<SampleKind, int> counts = [];
        List<(SamplePictures Sample, string Stem)> named = [];
        foreach (SamplePictures sample in samples)
        {
            counts[sample.Kind] = counts.GetValueOrDefault(sample.Kind) + 1;
            string stem = $"{Word(sample.Kind)}_{counts[sample.Kind]}";
            named.Add((sample, stem));
            WriteBytes(Path.Combine(folder, stem + "_image.jpg"), sample.Image);
            WriteBytes(Path.Combine(folder, stem + "_truth.png"), sample.Truth);
            WriteBytes(Path.Combine(folder, stem + "_prediction.png"), sample.Prediction);
            WriteBytes(Path.Combine(folder, stem + "_errors.jpg"), sample.Errors);
        }

        AtomicFile.Write(Path.Combine(folder, IndexName), stream => WriteIndex(stream, named));
    }

    /// <summary>Reads the pictures of a folder; a folder without an index is read by its files' names.</summary>
    /// <exception cref="InputException">The index is no JSON object, or a file cannot be read.</exception>
    public static IReadOnlyList<SamplePictures> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        if (JsonFile.Read(Path.Combine(folder, IndexName)) is not JsonElement index)
        {
            return
            [
                .. Directory.GetFiles(folder, "*" + PredictionEnd).Order(StringComparer.Ordinal)
                    .Select(prediction => Path.GetFileName(prediction)[..^PredictionEnd.Length])
                    .Select(stem => ReadOne(folder, stem, new SamplePictures { Name = stem }))
                    .OfType<SamplePictures>().Take(MaxSamples),
            ];
        }

        List<SamplePictures> samples = [];
        foreach (JsonElement entry in index.Items("samples").Where(e => e.ValueKind == JsonValueKind.Object).Take(MaxSamples))
        {
            // A stem is a file's name; one that leads out of the folder is none of ours.
            if (entry.Text("file") is not { Length: > 0 } stem || stem != Path.GetFileName(stem))
            {
                continue;
            }

            SamplePictures about = new()
            {
                Name = entry.Text("name") ?? stem,
                Kind = entry.Text("kind") switch
                {
                    "worst" => SampleKind.Worst,
                    "best" => SampleKind.Best,
                    _ => SampleKind.Spread,
                },
                MeanIoU = entry.Number("mIoU"),
                PixelAccuracy = entry.Number("aAcc"),
                Classes =
                [
                    .. entry.Items("classes").Where(c => c.ValueKind == JsonValueKind.Object && c.Number("id") is >= 0 and <= 255)
                        .Select(c => new ClassInImage((int)c.Number("id"), c.Number("share"), c.Number("IoU"))),
                ],
            };
            if (ReadOne(folder, stem, about) is { } sample)
            {
                samples.Add(sample);
            }
        }

        return samples;
    }

    private static SamplePictures Encode(SampleKind kind, EvaluationSample sample, ClassSet classes) => new()
    {
        Kind = kind,
        Name = sample.Name,
        MeanIoU = sample.Score.MeanIoU,
        PixelAccuracy = sample.Score.PixelAccuracy,
        Classes = sample.Score.Classes,
        Image = JpegWriter.Encode(sample.Image, JpegQuality),
        Truth = PngWriter.EncodeLabel(sample.Truth, classes.Palette),
        Prediction = PngWriter.EncodeLabel(sample.Prediction, classes.Palette),
        Errors = JpegWriter.Encode(sample.ErrorPicture(), ErrorsQuality),
    };

    private static string Word(SampleKind kind) => kind switch
    {
        SampleKind.Worst => "worst",
        SampleKind.Best => "best",
        _ => "sample",
    };

    private static void WriteBytes(string path, byte[]? bytes)
    {
        if (bytes is not null)
        {
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
    }

    private static void WriteIndex(Stream stream, List<(SamplePictures Sample, string Stem)> samples)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("samples");
        foreach ((SamplePictures sample, string stem) in samples)
        {
            json.WriteStartObject();
            json.WriteString("kind", Word(sample.Kind));
            json.WriteString("file", stem);
            json.WriteString("name", sample.Name);
            WriteNumber(json, "mIoU", sample.MeanIoU);
            WriteNumber(json, "aAcc", sample.PixelAccuracy);
            json.WriteStartArray("classes");
            foreach (ClassInImage c in sample.Classes)
            {
                json.WriteStartObject();
                json.WriteNumber("id", c.Id);
                WriteNumber(json, "share", c.Share);
                WriteNumber(json, "IoU", c.IoU);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, Math.Round(value, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static SamplePictures? ReadOne(string folder, string stem, SamplePictures about)
    {
        byte[]? image = ReadBytes(folder, stem + "_image.jpg") ?? ReadBytes(folder, stem + "_image.png");
        byte[]? prediction = ReadBytes(folder, stem + PredictionEnd);
        return image is null || prediction is null
            ? null
            : about with
            {
                Image = image,
                Prediction = prediction,
                Truth = ReadBytes(folder, stem + "_truth.png"),
                Errors = ReadBytes(folder, stem + "_errors.jpg"),
            };
    }

    private static byte[]? ReadBytes(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        try
        {
            FileInfo file = new(path);
            return file is { Exists: true, Length: > 0 and <= MaxPictureBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(path, exception);
        }
    }
}

/// <summary>Why an image is shown.</summary>
internal enum SampleKind
{
    /// <summary>It is one of a few spread over the data set.</summary>
    Spread,

    /// <summary>It is among the worst.</summary>
    Worst,

    /// <summary>It is among the best.</summary>
    Best,
}

/// <summary>An image of an evaluation as encoded pictures, with its own figures; NaN where unknown.</summary>
internal sealed record SamplePictures
{
    public required string Name { get; init; }

    public SampleKind Kind { get; init; }

    public double MeanIoU { get; init; } = double.NaN;

    public double PixelAccuracy { get; init; } = double.NaN;

    public IReadOnlyList<ClassInImage> Classes { get; init; } = [];

    public byte[] Image { get; init; } = [];

    public byte[]? Truth { get; init; }

    public byte[] Prediction { get; init; } = [];

    public byte[]? Errors { get; init; }
}
