using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class PretrainCommandTests : IDisposable
{
    private static readonly string[] s_quick =
    [
        "--set", "train.batch=4", "--set", "train.crop=32x32", "--set", "train.workers=1", "--set", "pretrain.epochs=0.5", "--set", "pretrain.eval_crop=1", "--threads", "1",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Pretrain_ClassFolders_TrainsEvaluatesAndStartsSegmentation()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out _), "libtorch is not there");
        ClassPictures.Write(_folder.File("data"), "train", 8);
        ClassPictures.Write(_folder.File("data"), "val", 2);
        CommandRun run = CommandRun.Of(["pretrain", "--data", _folder.File("data"), "--out", _folder.File("run"), .. s_quick]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("24 pictures to train on, 6 to evaluate on", run.Error, StringComparison.Ordinal);
        Assert.Contains("top1 ", run.Error, StringComparison.Ordinal);
        Assert.Contains("3 of 3 iterations", run.Output, StringComparison.Ordinal);
        Assert.Contains("best top-1", run.Output, StringComparison.Ordinal);

        string weights = _folder.File("run", "best.safetensors");
        CommandRun eval = CommandRun.Of("eval", "--weights", weights, "--data", _folder.File("data"), "--json");
        Assert.Equal(ExitCode.Done, eval.Code);
        Assert.Equal(["top1", "top5", "images", "seconds"], eval.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(6, eval.Json.GetProperty("images").GetInt32());
        Assert.Contains("loaded 539 of 539 tensors", eval.Error, StringComparison.Ordinal);
        Assert.Contains("32×32 of pictures resized to 32", eval.Error, StringComparison.Ordinal);
        CommandRun byConfig = CommandRun.Of("eval", "--weights", weights, "--config", _folder.File("run", "config.yaml"), "--flip", "--json");
        Assert.Equal(ExitCode.Done, byConfig.Code);
        Assert.Contains("mirrored too", byConfig.Error, StringComparison.Ordinal);

        // A damaged picture is named, and the others count.
        File.WriteAllText(_folder.File("data", "val", "red", "001.png"), "no picture");
        CommandRun damaged = CommandRun.Of("eval", "--weights", weights, "--data", _folder.File("data"), "--json");
        Assert.Equal((ExitCode.SomeFailed, 5), (damaged.Code, damaged.Json.GetProperty("images").GetInt32()));
        Assert.Contains("001.png", damaged.Error, StringComparison.Ordinal);

        SmallDataSet.Write(_folder.File("seg"));
        CommandRun train = CommandRun.Of(
            "train", "--data", _folder.File("seg"), "--init", weights, "--out", _folder.File("run2"), "--threads", "1",
            "--set", "train.batch=2", "--set", "train.crop=32x32", "--set", "train.iterations=1", "--set", "train.workers=1");
        Assert.Equal(ExitCode.Done, train.Code);
        Assert.Contains("loaded 537 of 537 tensors; decoder new", train.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Browse_ClassFolders_ShowsDrawsAndMixing()
    {
        ClassPictures.Write(_folder.File("data"), "train", 4);
        string imagenette = Path.Combine(TestPaths.Repository, "configs", "imagenette-t-80ep.yaml");
        string[] line = ["browse", "--config", imagenette, "--set", $"data.root={_folder.File("data")}", "--set", "pretrain.holdout=0.25", "--set", "train.batch=4", "--count", "7", "--draws", "2", "-o"];
        CommandRun run = CommandRun.Of([.. line, _folder.File("a")]);
        Assert.Equal((ExitCode.Done, _folder.File("a", "index.html")), (run.Code, run.Output.TrimEnd()));
        Assert.Equal(["index.html", "samples-001.png", "samples-002.png"], Directory.GetFiles(_folder.File("a")).Select(Path.GetFileName).Order());
        Assert.Equal(ExitCode.Done, CommandRun.Of([.. line, _folder.File("b")]).Code);
        Assert.Equal(File.ReadAllBytes(_folder.File("a", "samples-001.png")), File.ReadAllBytes(_folder.File("b", "samples-001.png")));
        Assert.Contains("3 classes", File.ReadAllText(_folder.File("a", "index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Pretrain_ConfigurationOfSegmentation_IsRefusedAndTheOtherWayRound()
    {
        string camvid = Path.Combine(TestPaths.Repository, "configs", "camvid-t.yaml");
        string imagenette = Path.Combine(TestPaths.Repository, "configs", "imagenette-t-5ep.yaml");
        CommandRun.Of("pretrain", camvid).ShouldBeRefused("segnext train");
        CommandRun.Of("train", imagenette).ShouldBeRefused("segnext pretrain");
        CommandRun.Of("pretrain", imagenette, "--set", $"data.root={_folder.File("nowhere")}").ShouldBeRefused("there is no such folder");
    }

    [SkippableFact]
    public void Pretrain_FolderWithoutClasses_IsRefused()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out _), "libtorch is not there");
        Directory.CreateDirectory(_folder.File("data", "train"));
        CommandRun.Of(["pretrain", "--data", _folder.File("data"), "--out", _folder.File("run"), .. s_quick]).ShouldBeRefused("no folders of classes");
    }
}
