using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Publish.Tests;

/// <summary>The whole program as one file, on a machine without .NET and without libtorch.</summary>
[Collection(PublishTest.Name)]
public sealed class CommandLineFileTests(BuildFolder build) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Segnext_OneFile_DoesAllThatNeedsNoLibtorch()
    {
        (RgbImage image, LabelMap expected) = PublishTest.Street();
        PngWriter.WriteRgb(_folder.File("street.png"), image);
        string program = build.Publish("src/SegNeXt.Cli", "segnext");
        ProgramRun Run(params string[] line) => ProgramRun.Alone(program, line, _folder.Path);

        Assert.Matches(@"^segnext \d+\.\d+", Run("--version").Text);
        Assert.Contains("Examples", Run("predict", "--help").Text, StringComparison.Ordinal);
        Assert.Equal("t", Json(Run("info", "--model", "t", "--json")).GetProperty("model").GetString());
        Done(Run("import", Path.Combine(TestPaths.Golden, "nano_legacy.pth"), "-o", "nano.safetensors"));
        Assert.Equal(7, Json(Run("info", "--weights", "nano.safetensors", "--json")).GetProperty("classes").GetInt32());

        Done(Run("predict", "--weights", PublishTest.Model, "--out", "masks", "--overlay", "street.png"));
        Assert.Equal(expected.Ids, ImageFile.ReadLabel(_folder.File("masks", "street.png")).Ids);
        Assert.True(File.Exists(_folder.File("masks", "street_overlay.png")));

        (string page, string json, byte[] mask, int code) = await ServedPage.VisitAsync(program, _folder.Path, PublishTest.Model, File.ReadAllBytes(_folder.File("street.png")));
        Assert.Contains("<title>SegNeXt</title>", page, StringComparison.Ordinal);
        Assert.Equal(image.Width, JsonDocument.Parse(json).RootElement.GetProperty("width").GetInt32());
        Assert.Equal(expected.Ids, ImageFile.ReadLabel(mask, "answer").Ids);
        Assert.Equal(0, code);

        // Its own answer as the truth, by a configuration: YAML must survive trimming.
        DataSet(image, expected);
        File.WriteAllText(_folder.File("data.yaml"), """
            model: { size: t, classes: 11 }
            data:
              root: elsewhere
            train: { iterations: 1, batch: 1, crop: 64x64, lr: 1e-4 }
            """);
        ProgramRun eval = Run("eval", "--weights", PublishTest.Model, "--config", "data.yaml", "--set", "data.root=data", "--json");
        Assert.Equal(1, Json(eval).GetProperty("aAcc").GetDouble());

        ProgramRun train = Run("train", "--data", "data", "--model", "t", "--out", "run");
        Assert.Equal(2, train.Code);
        Assert.StartsWith("segnext: Training and the torch engine need libtorch: ", train.Error, StringComparison.Ordinal);
        Assert.Contains("works:   PNG pictures", Run("check").Text, StringComparison.Ordinal);
    }

    private void DataSet(RgbImage image, LabelMap labels)
    {
        foreach (string split in (string[])["train", "val"])
        {
            Directory.CreateDirectory(_folder.File("data", "images", split));
            Directory.CreateDirectory(_folder.File("data", "labels", split));
            PngWriter.WriteRgb(_folder.File("data", "images", split, "a.png"), image);
            PngWriter.WriteLabel(_folder.File("data", "labels", split, "a.png"), labels);
        }

        File.WriteAllLines(_folder.File("data", "classes.txt"), Enumerable.Range(0, 11).Select(static id => $"class {id}"));
    }

    private static void Done(ProgramRun run) => Assert.True(run.Code == 0, run.Said);

    private static JsonElement Json(ProgramRun run)
    {
        Done(run);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
