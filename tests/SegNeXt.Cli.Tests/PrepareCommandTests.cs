using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class PrepareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrepareCommandTests()
    {
        Directory.CreateDirectory(_folder.File("annotations", "val2017"));
        Write("1.png", 12);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_CocoStuff_ConvertsAndKeeps()
    {
        CommandRun run = CommandRun.Of("prepare", "coco-stuff", _folder.Path);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains("1 inputs: 1 converted, 0 there already", run.Error, StringComparison.Ordinal);
        Assert.Equal(11, ImageFile.ReadLabel(_folder.File("annotations", "val2017", "1_labelTrainIds.png")).Ids[0]);
        Assert.Contains("0 converted, 1 there already", CommandRun.Of("prepare", "coco-stuff", _folder.Path).Error, StringComparison.Ordinal);
        Assert.Contains("1 converted, 0 there already", CommandRun.Of("prepare", "coco-stuff", _folder.Path, "--force", "--threads", "1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_FaultyInput_IsNamedAndTheRestDone()
    {
        Write("2.png", 11);
        CommandRun run = CommandRun.Of("prepare", "coco-stuff", _folder.Path, "--quiet");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains("2.png: pixel (0, 0) has the value 11", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("annotations", "val2017", "1_labelTrainIds.png")));
    }

    [Fact]
    public void Prepare_WrongUse_IsRefused()
    {
        CommandRun.Of("prepare", "kitti", _folder.Path).ShouldBeRefused("'kitti'", "cityscapes, coco-stuff, context, isaid or voc-aug");
        CommandRun.Of("prepare", "cityscapes", _folder.Path).ShouldBeRefused("gtFine");
        CommandRun.Of("prepare", "cityscapes", _folder.Path, "--out", "x").ShouldBeRefused("--out goes with prepare isaid");
        CommandRun.Of("prepare", "voc-aug", _folder.Path).ShouldBeRefused("--from");
        CommandRun.Of("prepare", "isaid", _folder.Path).ShouldBeRefused("--out");
        CommandRun.Of("prepare", "isaid", _folder.Path, "--out", "x", "--overlap", "896").ShouldBeRefused("--overlap is 896");
        CommandRun.Of("prepare", "isaid", _folder.Path, "--out", "x", "--patch", "65536x65536").ShouldBeRefused("16384");
        CommandRun.Of("prepare", "coco-stuff", _folder.File("nowhere")).ShouldBeRefused("there is no such folder");
        CommandRun.Of("prepare", "coco-stuff").ShouldBeRefused();
    }

    [Fact]
    public void Prepare_Interrupted_Exits130()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Equal(ExitCode.Interrupted, CommandRun.Of(source.Token, "prepare", "coco-stuff", _folder.Path).Code);
    }

    private void Write(string name, byte value) =>
        PngWriter.WriteLabel(_folder.File("annotations", "val2017", name), new LabelMap(2, 1, [value, 255]));
}
