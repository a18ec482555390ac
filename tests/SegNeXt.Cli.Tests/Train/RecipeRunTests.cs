using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>A configuration of each data set trains an iteration on a few files in its layout, is evaluated, and hands its weights on.</summary>
public sealed class RecipeRunTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "train.iterations=1", "train.batch=2", "train.crop=32x32", "train.resize=64x64", "train.warmup_iterations=0", "train.workers=1", "eval.resize=64x64", "threads=1",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("ade20k-t", "ade20k", 2)]
    [InlineData("cocostuff164k-t", "coco-stuff", 4)]
    [InlineData("isaid-t", "isaid", 1)]
    public void SharedSample_TrainsAndEvaluates(string config, string data, int images) => TrainAndEvaluate(config, TestPaths.RequireShared("data", data), images, isKnown: true);

    [SkippableFact]
    public void Cityscapes_TrainsAndEvaluates()
    {
        foreach ((string split, int count) in new[] { ("train", 2), ("val", 1) })
        {
            for (int i = 0; i < count; i++)
            {
                string stem = $"ulm_00000{i}_000019";
                Write(["leftImg8bit", split, "ulm", $"{stem}_leftImg8bit.png"], ["gtFine", split, "ulm", $"{stem}_gtFine_labelIds.png"], 96, 48, 34);
            }
        }

        TrainAndEvaluate("cityscapes-t", _folder.File("data"), 1, isKnown: true, "eval.crop=32x32", "eval.stride=24x24");
    }

    [SkippableTheory]
    [InlineData("context59-t")]
    [InlineData("context60-t")]
    public void Context_TrainsAndEvaluates(string config)
    {
        string lists = Directory.CreateDirectory(_folder.File("data", "VOC2010", "ImageSets", "SegmentationContext")).FullName;
        File.WriteAllText(Path.Combine(lists, "train.txt"), "2008_000002\n2008_000003\n");
        File.WriteAllText(Path.Combine(lists, "val.txt"), "2008_000004\n");
        for (int i = 2; i < 5; i++)
        {
            Write(["VOC2010", "JPEGImages", $"2008_00000{i}.jpg"], ["VOC2010", "SegmentationClassContext", $"2008_00000{i}.png"], 60, 40, 60);
        }

        TrainAndEvaluate(config, _folder.File("data"), 1, isKnown: false);
    }

    [SkippableFact]
    public void VocAfterCoco_KeepsAllButTheClassifierAndSaysSo()
    {
        string coco = TrainAndEvaluate("voc2012-t-coco", TestPaths.RequireShared("data", "coco-stuff"), 4, isKnown: true);
        string voc = TestPaths.RequireShared("data", "voc2012");
        CommandRun missing = Train("voc2012-t-coco-trainval", voc, _folder.File("none"));
        missing.ShouldBeRefused("runs/voc2012-t-coco/best.safetensors: there is no such file", "the first step of this one", "--init FILE");

        CommandRun second = Train("voc2012-t-coco-trainval", voc, _folder.File("second"), "--set", "data.train_split=train", "--init", coco);
        Assert.Equal(ExitCode.Done, second.Code);
        int loaded = ModelLayout.Enumerate(ModelConfig.Preset("t", 21)).Count - 2;
        Assert.Contains($"{coco}: loaded {loaded} of {loaded} tensors; classifier new (171 classes in the file, 21 here)", second.Error, StringComparison.Ordinal);

        // The same classes once more: nothing is new.
        CommandRun third = Train("voc2012-t-trainval", voc, _folder.File("third"), "--set", "data.train_split=train", "--init", _folder.File("second", "best.safetensors"));
        Assert.Equal(ExitCode.Done, third.Code);
        Assert.Contains($"loaded {loaded + 2} of {loaded + 2} tensors\n", third.Error, StringComparison.Ordinal);
    }

    private string TrainAndEvaluate(string config, string data, int images, bool isKnown, params string[] more)
    {
        SmallModel.RequireTorch();
        string run = _folder.File(config);
        string[] sets = [.. TrainedRun.Sets("model.init=null"), .. TrainedRun.Sets(more)];
        CommandRun train = Train(config, data, run, sets);
        Assert.Equal((ExitCode.Done, ""), (train.Code, train.Code == ExitCode.Done ? "" : train.Error));
        string weights = Path.Combine(run, "best.safetensors");
        CommandRun eval = CommandRun.Of("eval", "--weights", weights, "--config", Path.Combine(run, "config.yaml"), "--confusion", _folder.File("c.png"), "--json", "--quiet");
        Assert.Equal(ExitCode.Done, eval.Code);
        Assert.Equal(images, eval.Json.GetProperty("images").GetInt32());

        CommandRun auto = CommandRun.Of("eval", "--weights", weights, "--data", data, "--resize", "64x64", "--confusion", _folder.File("c.png"), "--json", "--quiet");
        if (isKnown)
        {
            Assert.Equal(ExitCode.Done, auto.Code);
            Assert.Equal(images, auto.Json.GetProperty("images").GetInt32());
        }
        else
        {
            auto.ShouldBeRefused("context59 or context60");
        }

        return weights;
    }

    private static CommandRun Train(string config, string data, string run, params string[] more) => CommandRun.Of(
        ["train", Path.Combine(TestPaths.Repository, "configs", $"{config}.yaml"), "--out", run, .. TrainedRun.Sets([.. s_small, $"data.root={data}"]), .. more]);

    private void Write(string[] image, string[] label, int width, int height, int ids)
    {
        Random random = new(image[^1].Length + width);
        RgbImage picture = new(width, height);
        random.NextBytes(picture.Pixels);
        LabelMap labels = new(width, height);
        for (int i = 0; i < labels.Ids.Length; i++)
        {
            labels.Ids[i] = (byte)random.Next(ids);
        }

        string path = _folder.File(["data", .. image]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (path.EndsWith(".png", StringComparison.Ordinal))
        {
            PngWriter.WriteRgb(path, picture);
        }
        else
        {
            JpegWriter.Write(path, picture);
        }

        path = _folder.File(["data", .. label]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PngWriter.WriteLabel(path, labels);
    }
}
