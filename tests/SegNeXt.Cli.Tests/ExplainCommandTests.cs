using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Cli.Tests;

public sealed class ExplainCommandTests : IDisposable
{
    private static readonly string[] s_names = ["sky", "road", "building", "car", "tree"];

    private readonly TemporaryFolder _folder = new();

    public ExplainCommandTests()
    {
        byte[] pixels = [.. Enumerable.Range(0, 80 * 56 * 3).Select(i => (byte)((i * 37) ^ (i >> 3)))];
        PngWriter.WriteRgb(_folder.File("a.png"), new RgbImage(80, 56, pixels));
    }

    private string Out => _folder.File("out.png");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Explain_ClassOfASegmenter_WritesTheSamePictureTwice()
    {
        CommandRun run = Explain("--class", MostPredicted(), "--json", "--npy", _folder.File("map.npy"));
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement json = run.Json;
        Assert.Equal("stage4", json.GetProperty("layer").GetString());
        Assert.Equal([2, 3], json.GetProperty("layer_size").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal("predicted", json.GetProperty("over").GetString());
        Assert.InRange(json.GetProperty("pixels").GetInt64(), 1, 80 * 56);
        Assert.Equal(json.GetProperty("pixels").GetInt64() / (80.0 * 56), json.GetProperty("predicted").GetDouble(), 1e-9);
        RgbImage picture = ImageFile.ReadRgb(Out);
        Assert.True(picture.Width > 80 && picture.Height > 56);
        Assert.Equal(128 + (80 * 56 * sizeof(float)), new FileInfo(_folder.File("map.npy")).Length);
        byte[] first = File.ReadAllBytes(Out);
        Explain("--class", MostPredicted());
        Assert.Equal(first, File.ReadAllBytes(Out));
    }

    [SkippableTheory]
    [InlineData("stage1", 14, 20)]
    [InlineData("stage2", 7, 10)]
    [InlineData("stage3", 4, 5)]
    [InlineData("decoder", 7, 10)]
    public void Explain_OtherLayers_HaveTheirOwnSize(string layer, int height, int width)
    {
        JsonElement json = Explain("--class", "Car", "--over", "all", "--layer", layer, "--json").Json;
        Assert.Equal([height, width], json.GetProperty("layer_size").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(("car", 80 * 56), (json.GetProperty("name").GetString(), json.GetProperty("pixels").GetInt32()));
    }

    // The score of all pixels is that of two regions that share them out.
    [SkippableFact]
    public void Explain_Regions_AddUpToTheWholePicture()
    {
        double left = Score("--region", "0,0,32,56"), right = Score("--region", "32,0,48,56"), all = Score("--over", "all");
        Assert.Equal(all, left + right, Math.Abs(all) * 1e-4);
        Assert.NotEqual(left, right);

        double Score(params string[] options)
        {
            JsonElement json = Explain([.. options, "--class", "3", "--json"]).Json;
            Assert.Equal("all", json.GetProperty("over").GetString());
            return json.GetProperty("score").GetDouble();
        }
    }

    [SkippableFact]
    public void Explain_Classifier_ShowsTheClassThatItFinds()
    {
        string weights = _folder.File("classifier.safetensors"), small = _folder.File("small.safetensors");
        SmallModel.RequireTorch();
        ModelConfig config = new() { Encoder = new MscanConfig { EmbedDims = [8, 16, 16, 32], Depths = [1, 1, 1, 1] }, NumClasses = 3, ClassNames = ["ant", "bee", "cat"] };
        using (Generator generator = new(5))
        using (MscanClassifier model = new(config, generator))
        {
            ModelState.Save(weights, model, config);
            ModelState.Save(small, model, config, new Dictionary<string, string> { ["test_size"] = "64x64" });
        }

        JsonElement json = CommandRun.Of("explain", "--weights", weights, "--image", _folder.File("a.png"), "-o", Out, "--json").Json;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("over").ValueKind);
        Assert.InRange(json.GetProperty("probability").GetDouble(), 1.0 / 3, 1);
        Assert.Equal([7, 10], SizeOf(json));
        Assert.Equal([2, 3], SizeOf(CommandRun.Of("explain", "--weights", small, "--image", _folder.File("a.png"), "-o", Out, "--json").Json));
        Assert.Contains("one score for the whole picture", Error("--region", "0,0,5,5"), StringComparison.Ordinal);
        Assert.Contains("no decoder", Error("--layer", "decoder"), StringComparison.Ordinal);

        static IEnumerable<int> SizeOf(JsonElement json) => json.GetProperty("layer_size").EnumerateArray().Select(side => side.GetInt32());

        string Error(string option, string value)
        {
            CommandRun run = CommandRun.Of("explain", "--weights", weights, "--image", _folder.File("a.png"), "-o", Out, option, value);
            Assert.Equal((ExitCode.Unusable, ""), (run.Code, run.Output));

            // The fault is the model's, not the picture's.
            Assert.Contains($"segnext: {weights}: ", run.Error, StringComparison.Ordinal);
            return run.Error;
        }
    }

    [SkippableTheory]
    [InlineData("did you mean 'building'?", "--class", "bilding")]
    [InlineData("it has sky, road, building, car, tree.", "--class", "zebra")]
    [InlineData("has no class '5'", "--class", "5")]
    [InlineData("--layer is 'stage5'; expected stage1, stage2, stage3, stage4 or decoder", "--class", "car", "--layer", "stage5")]
    [InlineData("leaves the picture of 80×56 pixels", "--class", "car", "--region", "70,0,11,5")]
    [InlineData("expected four whole numbers", "--class", "car", "--region", "70,0,11")]
    [InlineData("expected four whole numbers", "--class", "car", "--region", "1,1,0,5")]
    [InlineData("Say which class with --class: sky, road, building, car, tree.")]
    public void Explain_WrongQuestion_IsRefusedInASentence(string sentence, params string[] options)
    {
        CommandRun run = Explain(options);
        Assert.Equal((ExitCode.Unusable, ""), (run.Code, run.Output));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    // One pixel is taken for one class alone.
    [SkippableFact]
    public void Explain_ClassThatIsNowhere_SaysWhatToDo()
    {
        CommandRun[] runs = [.. s_names.Select(name => Explain("--class", name, "--region", "40,28,1,1", "--over", "predicted"))];
        Assert.Single(runs, run => run.Code == ExitCode.Done);
        Assert.All(runs.Where(run => run.Code != ExitCode.Done), run => Assert.Contains("--over all", run.Error, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Explain_OutputThatIsNoPng_IsRefused()
    {
        SmallModel.Write(_folder.File("w.safetensors"), 5, s_names);
        CommandRun.Of("explain", "--weights", _folder.File("w.safetensors"), "--image", _folder.File("a.png"), "--class", "car", "-o", "car.jpg").ShouldBeRefused("ends in .png");
    }

    private CommandRun Explain(params string[] options)
    {
        string weights = _folder.File("w.safetensors");
        if (!File.Exists(weights))
        {
            SmallModel.Write(weights, s_names.Length, s_names);
        }

        return CommandRun.Of(["explain", "--weights", weights, "--image", _folder.File("a.png"), "-o", Out, .. options]);
    }

    private string MostPredicted() => s_names.MaxBy(Predicted)!;

    private double Predicted(string name) => Explain("--class", name, "--over", "all", "--json").Json.GetProperty("predicted").GetDouble();
}
