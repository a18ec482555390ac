using System.Globalization;
using System.Text.Json;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

/// <summary>A run's folder with all that a report shows, made up.</summary>
internal sealed class FakeRun : IDisposable
{
    // The smallest PNG: one grey pixel.
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    public static readonly byte[] Jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 2, 3];

    private readonly TemporaryFolder _temporary = new();

    public FakeRun(string name = "street run")
    {
        Folder = _temporary.File(name);
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    public string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    public FakeRun WithConfig()
    {
        RunConfig config = RunConfig.FromOptions("data/streets", "t", ["train.iterations=200", "train.crop=256x320"]);
        System.IO.File.WriteAllText(File("config.yaml"), config.ToYaml());
        return this;
    }

    /// <summary>A log of a line every ten iterations and an evaluation every fifty.</summary>
    public FakeRun WithLog(int iterations, Func<int, double>? loss = null)
    {
        using RunLog log = new(File(RunLog.FileName));
        for (int i = 10; i <= iterations; i += 10)
        {
            log.WriteIteration(i, loss?.Invoke(i) ?? 1.0 / i, 1e-3 * (1 - (i / (double)iterations)), 5.25, 0.001);
            if (i % 50 == 0)
            {
                log.WriteEvaluation(i, 0.5 * i / iterations, 0.9, 0.6);
            }
        }

        return this;
    }

    public FakeRun WithEvaluation(params string[] names)
    {
        using FileStream file = System.IO.File.Create(File("evaluation.json"));
        using Utf8JsonWriter json = new(file);
        json.WriteStartObject();
        json.WriteNumber("mIoU", 0.4321);
        json.WriteNumber("aAcc", 0.9);
        json.WriteNumber("mAcc", 0.6);
        json.WriteNumber("images", 101);
        json.WriteStartArray("classes");
        for (int i = 0; i < names.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", names[i]);
            if (i == names.Length - 1)
            {
                json.WriteNull("IoU");
                json.WriteNull("Acc");
            }
            else
            {
                json.WriteNumber("IoU", (i + 1.0) / (names.Length + 1));
                json.WriteNumber("Acc", 0.75);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("palette");
        for (int i = 0; i < names.Length; i++)
        {
            json.WriteNumberValue(0x102030 + i);
        }

        json.WriteEndArray();
        json.WriteStartArray("confusion");
        for (int i = 0; i < names.Length; i++)
        {
            json.WriteStartArray();
            for (int j = 0; j < names.Length; j++)
            {
                json.WriteNumberValue(i == names.Length - 1 ? 0 : i == j ? 900 : j == (i + 1) % names.Length ? 100 : 0);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return this;
    }

    public FakeRun WithInfo(string command = "segnext train x.yaml")
    {
        string text = JsonSerializer.Serialize(command);
        System.IO.File.WriteAllText(
            File("run.json"),
            $$"""{"command": {{text}}, "started": "2025-03-04T05:06:07Z", "device": "cpu", "versions": {".NET": "10.0.1"}, "parameters": 4263414, "seconds": 3061.7}""");
        return this;
    }

    public FakeRun WithSamples(params string[] names)
    {
        Directory.CreateDirectory(File("samples"));
        foreach (string name in names)
        {
            System.IO.File.WriteAllBytes(File("samples", name + "_image.jpg"), Jpeg);
            System.IO.File.WriteAllBytes(File("samples", name + "_truth.png"), Png);
            System.IO.File.WriteAllBytes(File("samples", name + "_prediction.png"), [.. Png, .. System.Text.Encoding.UTF8.GetBytes(name)]);
        }

        return this;
    }

    /// <summary>The samples of an evaluation of four images, the later the worse.</summary>
    public FakeRun WithRankedSamples()
    {
        FakeScenes data = new(4);
        EvaluationSamples samples = new(data);
        using FakeSegmenter segmenter = new(i => 0.1 * i);
        Evaluator.Run(new Core.TestTimeSegmenter(segmenter, new Core.TestOptions()), data, samples.Take, default);
        SampleFiles.Write(File("samples"), SampleFiles.Encode(samples, data.Classes));
        return this;
    }

    public string Report() => System.IO.File.ReadAllText(Training.Report.Write(Folder));

    public void Dispose() => _temporary.Dispose();

    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"kind {i}"))];
}
