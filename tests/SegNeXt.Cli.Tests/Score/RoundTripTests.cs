using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>Masks that <c>predict</c> writes in a benchmark's form have the figures, by <c>score</c>, that <c>eval</c> gives.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly byte[] s_cityscapes = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("ids", 19)]
    [InlineData("cityscapes", 19)]
    [InlineData("voc", 21)]
    [InlineData("ade", 150)]
    public void PredictThenScore_GivesTheFiguresOfEval(string format, int classes)
    {
        SmallModel.Write(_folder.File("model.safetensors"), classes);
        WriteData(format, classes);
        string[] strategy = ["--mode", "slide", "--crop", "48x48", "--resize", "96x64", "--multiple", "16", "--flip", "--threads", "1", "--quiet"];
        CommandRun eval = CommandRun.Of(
            ["eval", "--weights", _folder.File("model.safetensors"), "--data", _folder.File("data"), "--confusion", _folder.File("c.png"), "--json", .. strategy]);
        Assert.Equal(ExitCode.Done, eval.Code);

        CommandRun predict = CommandRun.Of(
            ["predict", "--weights", _folder.File("model.safetensors"), "--out", _folder.File("masks"), "--format", format, _folder.File("data", "images", "val"), .. strategy]);
        Assert.Equal((ExitCode.Done, "", ""), (predict.Code, predict.Output, predict.Error));
        string[] what = format == "ids" ? ["--classes", $"{classes}"] : ["--format", format];
        CommandRun score = CommandRun.Of(["score", "--predictions", _folder.File("masks"), "--labels", _folder.File("benchmark"), "--json", .. what]);
        Assert.Equal(ExitCode.Done, score.Code);
        foreach (string figure in (string[])["aAcc", "mIoU", "mAcc", "mDice", "mFscore", "images"])
        {
            Assert.Equal(Text(eval.Json, figure), Text(score.Json, figure));
        }

        Assert.True(eval.Json.GetProperty("mIoU").GetDouble() > 0, "The masks and labels have nothing in common, so nothing is tested.");
        Assert.Equal(IoUs(eval.Json), IoUs(score.Json));
    }

    [SkippableFact]
    public void ReduceZeroLabel_OnIds_AgreesWithAdesOwnForm()
    {
        SmallModel.Write(_folder.File("model.safetensors"), 150);
        WriteData("ade", 150);
        string pictures = _folder.File("data", "images", "val");
        CommandRun.Of("predict", "--weights", _folder.File("model.safetensors"), "--out", _folder.File("ids"), pictures);
        CommandRun.Of("predict", "--weights", _folder.File("model.safetensors"), "--out", _folder.File("ade"), "--format", "ade", pictures);
        string labels = _folder.File("benchmark");
        CommandRun ids = CommandRun.Of("score", "--predictions", _folder.File("ids"), "--labels", labels, "--classes", "150", "--reduce-zero-label", "--json");
        CommandRun ade = CommandRun.Of("score", "--predictions", _folder.File("ade"), "--labels", labels, "--format", "ade", "--json");
        Assert.Equal(IoUs(ids.Json), IoUs(ade.Json));
        Assert.Equal("wall", ade.Json.GetProperty("classes")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("leave --classes out", "--format", "voc", "--classes", "7")]
    [InlineData("--reduce-zero-label does not go with --format cityscapes", "--format", "cityscapes", "--reduce-zero-label")]
    [InlineData("needs --classes K")]
    public void Score_OptionsThatContradict_AreRefused(string expected, params string[] options) =>
        CommandRun.Of(["score", "--predictions", _folder.Path, "--labels", _folder.Path, .. options]).ShouldBeRefused(expected);

    [Fact]
    public void Score_LabelOutsideTheBenchmark_IsNamed()
    {
        Directory.CreateDirectory(_folder.File("l"));
        Directory.CreateDirectory(_folder.File("p"));
        PngWriter.WriteLabel(_folder.File("l", "a.png"), new LabelMap(2, 1, [20, 21]));
        PngWriter.WriteLabel(_folder.File("p", "a.png"), new LabelMap(2, 1, [0, 0]));
        CommandRun run = CommandRun.Of("score", "--predictions", _folder.File("p"), "--labels", _folder.File("l"), "--format", "voc");
        Assert.Equal(ExitCode.Unusable, run.Code);
        Assert.Contains("a.png holds the id 21, but those of voc labels end at 20", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Pictures with labels in the plain layout, and the labels once more as the benchmark's files have them.</summary>
    private void WriteData(string format, int classes)
    {
        Random random = new(3);
        string images = Directory.CreateDirectory(_folder.File("data", "images", "val")).FullName;
        string labels = Directory.CreateDirectory(_folder.File("data", "labels", "val")).FullName;
        string benchmark = Directory.CreateDirectory(_folder.File("benchmark", "frankfurt")).FullName;
        File.WriteAllLines(_folder.File("data", "classes.txt"), Enumerable.Range(0, classes).Select(i => $"class {i}"));
        for (int i = 0; i < 3; i++)
        {
            (int width, int height) = (70 + (9 * i), 52 - (5 * i));
            string stem = $"frankfurt_00000{i}_000019";
            RgbImage image = new(width, height);
            random.NextBytes(image.Pixels);
            LabelMap label = new(width, height);
            for (int p = 0; p < label.Ids.Length; p++)
            {
                label.Ids[p] = p % 11 == 0 ? LabelMap.Ignore : (byte)random.Next(classes);
            }

            LabelMap stored = new(width, height, Array.ConvertAll(label.Ids, id => Stored(format, id)));
            PngWriter.WriteRgb(Path.Combine(images, $"{stem}_leftImg8bit.png"), image);
            PngWriter.WriteLabel(Path.Combine(labels, $"{stem}_leftImg8bit.png"), label);
            PngWriter.WriteLabel(Path.Combine(benchmark, stem + (format == "cityscapes" ? "_gtFine_labelIds.png" : "_leftImg8bit.png")), stored);
            if (format == "cityscapes")
            {
                PngWriter.WriteRgb(Path.Combine(benchmark, $"{stem}_gtFine_color.png"), image);
            }
        }
    }

    private static byte Stored(string format, byte id) => (format, id) switch
    {
        ("ade", LabelMap.Ignore) => 0,
        ("ade", _) => (byte)(id + 1),
        ("cityscapes", LabelMap.Ignore) => 4,
        ("cityscapes", _) => s_cityscapes[id],
        _ => id,
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetRawText();

    private static string[] IoUs(JsonElement json) => [.. json.GetProperty("classes").EnumerateArray().Select(c => Text(c, "IoU"))];
}
