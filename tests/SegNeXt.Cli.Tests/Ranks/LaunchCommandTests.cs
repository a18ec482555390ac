using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>The launcher from end to end, with work that needs no libtorch.</summary>
public sealed class LaunchCommandTests : IDisposable
{
    /// <summary>More than any machine does before a test notices that it has begun.</summary>
    private const int Many = 5_000;

    private readonly TemporaryFolder _folder = new();

    private string Photos => _folder.File("photos");

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--nproc' is required", "--", "train")]
    [InlineData("--nproc is '0'; expected a whole number from 1", "--nproc", "0", "--", "train")]
    [InlineData("not of 'info'", "--nproc", "2", "--", "info", "--model", "t")]
    [InlineData("not of 'tarin'", "--nproc", "2", "--", "tarin")]
    [InlineData("--classes", "--nproc", "2", "--", "predict", "--out", "o", "p.png", "--format", "classes")]
    public void Launch_WrongLine_IsRefusedOnce(string expected, params string[] args) =>
        CommandRun.Of(["launch", .. args]).ShouldBeRefused(expected == "--classes" ? "--format is 'classes'" : expected);

    [Fact]
    public void Launch_HelpOfTheCommand_IsGivenOnce()
    {
        CommandRun run = CommandRun.Of("launch", "--nproc", "2", "--", "predict", "--help");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("segnext predict", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_WhatAllRanksFind_IsSaidOnce()
    {
        using StartedProgram program = StartedProgram.Segnext("launch", "--nproc", "3", "--", "predict", "--out", Out, _folder.File("missing.png"));
        program.End().ShouldBeRefused("missing.png: there is no such file or folder");
    }

    [Fact]
    public void Launch_InsideAnotherLauncher_IsRefused()
    {
        using StartedProgram program = StartedProgram.Run(
            StartedProgram.Line("launch", "--nproc", "2", "--", "train", "c.yaml"), ("RANK", "0"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", "127.0.0.1"));
        program.End().ShouldBeRefused("one of 2 processes that torchrun has started already");
    }

    [SkippableFact]
    public void Launch_Predict_SharesThePicturesAndNamesTheDamagedOne()
    {
        WritePictures(5);
        File.WriteAllText(Path.Combine(Photos, "2b.png"), "no picture");
        CommandRun run = Predict(3).End();
        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Output));
        Assert.Equal(["0.png", "1.png", "2.png", "3.png", "4.png"], Directory.GetFiles(Out).Select(file => Path.GetFileName(file)!).Order());
        Assert.Single(run.Error.Split('\n'), line => line.Contains("2b.png", StringComparison.Ordinal));
        Assert.Contains($"5 of 6 pictures segmented into {Out} by 3 processes", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.Contains("managed engine", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Launch_RankThatIsKilled_EndsTheOthersWithOneSentence()
    {
        RequireProc();
        using StartedProgram program = StartLong(out Dictionary<int, int> ranks);
        StartedProgram.Signal("KILL", ranks[1]);
        CommandRun run = program.End();
        Assert.Equal(128 + 9, run.Code);
        string complaint = Assert.Single(run.Error.Split('\n'), line => line.StartsWith("segnext: ", StringComparison.Ordinal) || line.StartsWith("rank ", StringComparison.Ordinal));
        Assert.Contains("rank 1 of 3 was ended by SIGKILL", complaint, StringComparison.Ordinal);
        Assert.All(ranks.Values, id => Assert.False(StartedProgram.Runs(id)));
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Launch_ThatIsAskedToStop_StopsAllRanks(string signal)
    {
        RequireProc();
        Skip.If(signal == "INT" && Signals.InterruptIsIgnored, "skipped: the tests were started with SIGINT ignored");
        using StartedProgram program = StartLong(out Dictionary<int, int> ranks);
        StartedProgram.Signal(signal, program.Id);
        CommandRun run = program.End();
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Single(run.Error.Split('\n'), line => line == "segnext: interrupted.");
        Assert.All(ranks.Values, id => Assert.False(StartedProgram.Runs(id)));
    }

    [SkippableFact]
    public void Launch_ThatIsKilled_LeavesNoRankBehind()
    {
        RequireProc();
        using StartedProgram program = StartLong(out Dictionary<int, int> ranks);
        StartedProgram.Signal("KILL", program.Id);
        Assert.Equal(128 + 9, program.End().Code);
        for (int i = 0; i < 6000 && ranks.Values.Any(StartedProgram.Runs); i++)
        {
            Thread.Sleep(10);
        }

        Assert.All(ranks.Values, id => Assert.False(StartedProgram.Runs(id)));
    }

    private static void RequireProc() => Skip.IfNot(Directory.Exists("/proc/self"), "skipped: the system has no /proc");

    private StartedProgram Predict(int count) => StartedProgram.Segnext(
        "launch", "--nproc", $"{count}", "--", "predict", "--weights", TestPaths.RequireGolden("nano.safetensors"), "--out", Out, Photos);

    /// <summary>Three ranks in the middle of work that would take them minutes.</summary>
    private StartedProgram StartLong(out Dictionary<int, int> ranks)
    {
        WritePictures(1);
        for (int i = 1; i < Many; i++)
        {
            File.CreateSymbolicLink(Path.Combine(Photos, $"{i}.png"), Path.Combine(Photos, "0.png"));
        }

        StartedProgram program = Predict(3);
        program.WaitUntil(() => Directory.Exists(Out) && Directory.EnumerateFiles(Out).Any());
        ranks = program.Ranks();
        Assert.Equal([0, 1, 2], ranks.Keys.Order());
        return program;
    }

    private void WritePictures(int count)
    {
        Directory.CreateDirectory(Photos);
        for (int picture = 0; picture < count; picture++)
        {
            byte[] pixels = [.. Enumerable.Range(0, 40 * 34 * 3).Select(i => (byte)(i * (37 + picture)))];
            PngWriter.WriteRgb(Path.Combine(Photos, $"{picture}.png"), new RgbImage(40, 34, pixels));
        }
    }
}
