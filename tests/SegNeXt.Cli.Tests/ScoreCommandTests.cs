using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class ScoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ScoreCommandTests()
    {
        Directory.CreateDirectory(_folder.File("labels"));
        Directory.CreateDirectory(_folder.File("predictions", "city"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Score_KnownMaps_GivesTheFiguresByHand()
    {
        Write("labels", "a.png", 0, 0, 1, 255);
        Write("predictions", "a.png", 0, 1, 1, 0);
        Write("labels", "b.png", 1, 1, 1, 1);
        Write(Path.Combine("predictions", "city"), "b.png", 1, 1, 1, 0);
        Write("predictions", "a_overlay.png", 0, 0, 0, 0);

        CommandRun run = Score("--classes", "3", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement json = run.Json;

        // Class 0: 1 right of 2 labelled, 2 predicted. Class 1: 4 right of 5 labelled, 5 predicted. Class 2: nowhere.
        Assert.Equal(5.0 / 7, json.GetProperty("aAcc").GetDouble(), 1e-12);
        Assert.Equal(((1.0 / 3) + (4.0 / 6)) / 2, json.GetProperty("mIoU").GetDouble(), 1e-12);
        Assert.Equal((0.5 + 0.8) / 2, json.GetProperty("mAcc").GetDouble(), 1e-12);
        Assert.Equal(2, json.GetProperty("images").GetInt32());
        JsonElement[] classes = [.. json.GetProperty("classes").EnumerateArray()];
        Assert.Equal(3, classes.Length);
        Assert.Equal(0.8, classes[1].GetProperty("Precision").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, classes[2].GetProperty("IoU").ValueKind);
    }

    [Fact]
    public void Score_ReduceZeroLabel_IgnoresZeroAndCountsFromOne()
    {
        Write("labels", "a.png", 0, 1, 2, 2);
        Write("predictions", "a.png", 1, 0, 1, 0);
        CommandRun run = Score("--classes", "2", "--reduce-zero-label", "--json");
        Assert.Equal(2.0 / 3, run.Json.GetProperty("aAcc").GetDouble(), 1e-12);
    }

    [Fact]
    public void Score_WithoutJson_ShowsATableInPerCent()
    {
        Write("labels", "a.png", 0, 0, 1, 1);
        Write("predictions", "a.png", 0, 0, 1, 1);
        CommandRun run = Score("--classes", "2");
        Assert.Contains("mIoU 100.00", run.Output, StringComparison.Ordinal);
        Assert.Contains("class 1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_OneLabelOutOfRange_NamesItAndFinishesTheRest()
    {
        Write("labels", "good.png", 0, 1, 1, 0);
        Write("predictions", "good.png", 0, 1, 1, 0);
        Write("labels", "bad.png", 0, 37, 1, 0);
        Write("predictions", "bad.png", 0, 1, 1, 0);
        CommandRun run = Score("--classes", "11", "--json");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("bad.png holds the class id 37, but there are 11 classes", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Score_SizesDiffer_NamesBoth()
    {
        Write("labels", "a.png", 0, 1, 1, 0);
        PngWriter.WriteLabel(_folder.File("predictions", "a.png"), new LabelMap(1, 2, [0, 1]));
        CommandRun run = Score("--classes", "2");
        Assert.Equal(ExitCode.Unusable, run.Code);
        Assert.Contains("a.png has 1x2 pixels, its label", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_PredictionOutsideTheClasses_CountsAsWrongAndIsTold()
    {
        Write("labels", "a.png", 0, 0, 1, 1);
        Write("predictions", "a.png", 0, 9, 1, 1);
        CommandRun run = Score("--classes", "2", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("1 predicted pixels are none of the 2 classes", run.Error, StringComparison.Ordinal);
        Assert.Equal(0.75, run.Json.GetProperty("aAcc").GetDouble(), 1e-12);
    }

    [Fact]
    public void Score_MissingPrediction_IsRefusedByName()
    {
        Write("labels", "a.png", 0, 0, 1, 1);
        Write("labels", "b.png", 0, 0, 1, 1);
        Write("predictions", "a.png", 0, 0, 1, 1);
        Score("--classes", "2").ShouldBeRefused("no prediction for 1 of the 2 labels", "b.png");
    }

    [Fact]
    public void Score_EmptyFolder_IsRefused() => Score("--classes", "2").ShouldBeRefused("holds no .png file");

    [Fact]
    public void Score_NoFolder_IsRefused() =>
        CommandRun.Of("score", "--predictions", _folder.File("nowhere"), "--labels", _folder.File("labels"), "--classes", "2")
            .ShouldBeRefused("nowhere: there is no such folder");

    [Fact]
    public void Score_RequiredOptionMissing_IsRefused() =>
        CommandRun.Of("score", "--labels", "x", "--classes", "2").ShouldBeRefused("--predictions", "segnext score --help");

    [Fact]
    public void Score_Interrupted_AnswersAsAShellExpects()
    {
        Write("labels", "a.png", 0, 0, 1, 1);
        Write("predictions", "a.png", 0, 0, 1, 1);
        using CancellationTokenSource source = new();
        source.Cancel();
        CommandRun run = CommandRun.Of(
            source.Token, "score", "--predictions", _folder.File("predictions"), "--labels", _folder.File("labels"), "--classes", "2");
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Empty(run.Output);
    }

    private CommandRun Score(params string[] more) =>
        CommandRun.Of(["score", "--predictions", _folder.File("predictions"), "--labels", _folder.File("labels"), .. more]);

    private void Write(string folder, string name, params byte[] ids) =>
        PngWriter.WriteLabel(_folder.File(folder, name), new LabelMap(2, 2, ids));
}
