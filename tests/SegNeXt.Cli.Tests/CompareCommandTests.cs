using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli.Tests;

public sealed class CompareCommandTests : IDisposable
{
    private static readonly string[] s_names = ["left", "<b>middle</b>", "right"];

    private readonly TemporaryFolder _folder = new();

    public CompareCommandTests()
    {
        foreach (string kind in new[] { "images", "labels" })
        {
            Directory.CreateDirectory(_folder.File("data", kind, "val"));
        }

        File.WriteAllLines(_folder.File("data", "classes.txt"), s_names);
        for (int i = 0; i < 3; i++)
        {
            RgbImage image = new(48, 40, [.. Enumerable.Range(0, 48 * 40 * 3).Select(p => (byte)((p * (37 + i)) ^ (p >> 4)))]);
            LabelMap label = new(48, 40);
            for (int p = 0; p < label.Ids.Length; p++)
            {
                label.Ids[p] = p % 48 < 4 ? LabelMap.Ignore : (byte)(p % 48 / 16);
            }

            PngWriter.WriteRgb(_folder.File("data", "images", "val", $"p{i}.png"), image);
            PngWriter.WriteLabel(_folder.File("data", "labels", "val", $"p{i}.png"), label);
        }
    }

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    // SegNeXt on the managed engine and SegFormer on libtorch, in one line.
    [SkippableFact]
    public void Compare_TwoFamilies_WritesFiguresChartAndPictures()
    {
        string segNext = SegNext(), segFormer = SegFormer();
        CommandRun run = Compare("--weights", segNext, $"rival={segFormer}", "--images", "2", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement json = run.Json;
        Assert.Equal([40, 48], json.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        JsonElement[] models = [.. json.GetProperty("models").EnumerateArray()];
        Assert.Equal(["a", "rival"], models.Select(model => model.GetProperty("name").GetString()));
        Assert.Equal(["managed", "torch"], models.Select(model => model.GetProperty("engine").GetString()));
        foreach ((JsonElement model, string path) in models.Zip([segNext, segFormer]))
        {
            using WeightFile file = WeightFile.Open(path);
            ComplexityReport expected = ModelComplexity.Count(file.Config, 40, 48);
            Assert.Equal(expected.Parameters, model.GetProperty("parameters").GetInt64());
            Assert.Equal(expected.Gmacs, model.GetProperty("gmacs").GetDouble(), 1e-12);
            Assert.Equal(3, model.GetProperty("images").GetInt32());
            JsonElement alone = CommandRun.Of("eval", "--weights", path, "--data", _folder.File("data"), "--confusion", _folder.File("c.png"), "--json").Json;
            Assert.Equal(alone.GetProperty("mIoU").GetDouble(), model.GetProperty("mIoU").GetDouble(), 1e-12);
        }

        Assert.Equal(["index.html", "miou-gmacs.png", "miou-gmacs.svg", "pictures.png"], Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string page = File.ReadAllText(Path.Combine(Out, ComparisonPage.FileName));
        Assert.Equal(2, page.Split("<circle").Length - 1);
        Assert.Equal(8, page.Split("<img ").Length - 1);
        Assert.Contains("&lt;b&gt;middle&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>middle", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.True(ImageFile.ReadRgb(Path.Combine(Out, "pictures.png")).Height > 2 * 40);
    }

    [SkippableFact]
    public void Compare_NoImages_LeavesThePicturesOut()
    {
        CommandRun run = Compare("--weights", SegNext(), "--images", "0");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("mIoU", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Out, "pictures.png")));
    }

    [SkippableFact]
    public void Compare_OtherClassesInTheSecondFile_IsRefusedBeforeTheFirstRuns()
    {
        string other = _folder.File("other.safetensors");
        SmallModel.Write(other, 5);
        CommandRun run = Compare("--weights", SegNext(), other);
        run.ShouldBeRefused("other.safetensors tells 5 classes apart", "has 3 (left, ");
        Assert.False(Directory.Exists(Out));
    }

    [SkippableFact]
    public void Compare_ImageClassifier_IsRefused()
    {
        SmallModel.RequireTorch();
        ModelConfig config = new() { Encoder = new MscanConfig { EmbedDims = [8, 16, 16, 32], Depths = [1, 1, 1, 1] }, NumClasses = 3 };
        string path = _folder.File("classifier.safetensors");
        using (Generator generator = new(5))
        using (MscanClassifier model = new(config, generator))
        {
            ModelState.Save(path, model, config);
        }

        Compare("--weights", path).ShouldBeRefused("classifier.safetensors holds an image classifier (MSCAN with 3 classes)");
    }

    [SkippableFact]
    public void Compare_MissingLabels_IsRefusedInASentence()
    {
        Directory.Delete(_folder.File("data", "labels"), recursive: true);
        Compare("--weights", SegNext()).ShouldBeRefused("labels");
    }

    [Fact]
    public void Compare_NeitherDataNorConfig_IsRefused() =>
        CommandRun.Of("compare", "--weights", "x.pth").ShouldBeRefused("Give either --data DIR or --config C.");

    [SkippableFact]
    public void Compare_DamagedPicture_IsNamedAndTheRestCounts()
    {
        File.WriteAllText(_folder.File("data", "images", "val", "p1.png"), "no picture");
        CommandRun run = Compare("--weights", SegNext(), "--json");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("p1.png", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Json.GetProperty("models")[0].GetProperty("images").GetInt32());
    }

    [Theory]
    [InlineData("runs/t/best.safetensors", "t", "runs/t/best.safetensors")]
    [InlineData("models/segnext-t.pth", "segnext-t", "models/segnext-t.pth")]
    [InlineData("mine=runs/t/best.safetensors", "mine", "runs/t/best.safetensors")]
    [InlineData("=x.pth", "=x", "=x.pth")]
    public void ModelNames_File_IsCalledByWhatTellsItApart(string argument, string name, string path) =>
        Assert.Equal((name, path), ModelNames.Of([argument])[0]);

    [Fact]
    public void ModelNames_Alike_AreNumbered() =>
        Assert.Equal(["a", "A (2)", "a (3)"], ModelNames.Of(["x/a.pth", "y/A.pth", "z/a.safetensors"]).Select(model => model.Name));

    private CommandRun Compare(params string[] options) => CommandRun.Of(["compare", .. options, "--data", _folder.File("data"), "-o", Out]);

    private string SegNext()
    {
        string path = _folder.File("a.safetensors");
        SmallModel.Write(path, 3, s_names);
        return path;
    }

    private string SegFormer()
    {
        ModelConfig config = ModelConfig.Preset("segformer-b0", 3) with
        {
            Name = "custom",
            Encoder = new MixTransformerConfig { EmbedDims = [8, 16, 20, 32], Depths = [1, 1, 1, 1], MlpRatios = [2, 2, 2, 2] },
        };
        string path = _folder.File("b.safetensors");
        using Generator generator = new(3);
        using SegmentationModel model = new(config, generator);
        ModelState.Save(path, model, config);
        return path;
    }
}
