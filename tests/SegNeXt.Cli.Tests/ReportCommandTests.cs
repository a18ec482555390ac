using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public class ReportCommandTests
{
    [Fact]
    public void Report_OfARun_WritesThePageAndSaysWhere()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("log.jsonl"), """{"iter": 10, "loss": 1.5, "lr": 1e-3, "images_per_second": 4.0, "data_seconds": 0.1}""" + "\n");
        CommandRun run = CommandRun.Of("report", folder.Path);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal(folder.File("report.html"), run.Output.Trim());
        Assert.StartsWith("<!doctype html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAnotherFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        CommandRun.Of("report", folder.Path).ShouldBeRefused(folder.Path);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
