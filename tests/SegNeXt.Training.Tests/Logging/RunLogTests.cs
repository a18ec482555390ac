using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder.File(RunLog.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_BothKinds_AreObjectsALineWithStableNames()
    {
        using (RunLog log = new(LogPath))
        {
            log.WriteIteration(10, 2.5, 1e-3, 7.25, 0.01, ("grad_norm", 3.5));
            log.WriteEvaluation(10, 0.5, 0.875, 0.625, ("val_seconds", 2));
        }

        Assert.Equal(
            "{\"iter\":10,\"loss\":2.5,\"lr\":0.001,\"images_per_second\":7.25,\"data_seconds\":0.01,\"grad_norm\":3.5}\n"
            + "{\"iter\":10,\"mIoU\":0.5,\"aAcc\":0.875,\"mAcc\":0.625,\"val_seconds\":2}\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    public void Read_WhatWasWritten_ComesBack()
    {
        using (RunLog log = new(LogPath))
        {
            log.WriteIteration(1, 0.1 + 0.2, 6.000000000172534e-11, 1, 0);
            log.WriteEvaluation(2, 0.3, 0.4, 0.5);
        }

        IReadOnlyList<LogEntry> entries = RunLog.Read(LogPath);
        Assert.Equal([1, 2], entries.Select(entry => entry.Iteration));
        Assert.Equal([false, true], entries.Select(entry => entry.IsEvaluation));
        Assert.Equal(0.1 + 0.2, entries[0]["loss"]);
        Assert.Equal(6.000000000172534e-11, entries[0]["lr"]);
        Assert.Equal(double.NaN, entries[0]["mIoU"]);
        Assert.Equal(0.3, entries[1]["mIoU"]);
    }

    [Fact]
    public void Write_NotFinite_IsNullAndReadsAsNaN()
    {
        using (RunLog log = new(LogPath))
        {
            log.WriteIteration(1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0);
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(LogPath));
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("loss").ValueKind);
        LogEntry entry = Assert.Single(RunLog.Read(LogPath));
        Assert.Equal(double.NaN, entry["loss"]);
        Assert.Equal(double.NaN, entry["lr"]);
    }

    [Fact]
    public void Read_WhileOpen_SeesEveryLineAtOnce()
    {
        using RunLog log = new(LogPath);
        for (int i = 1; i <= 3; i++)
        {
            log.WriteIteration(i, i, i, i, i);
            Assert.Equal(i, RunLog.Read(LogPath).Count);
        }
    }

    [Fact]
    public void Log_CutAtAnyByte_ReadsTheWholeLinesAndGoesOn()
    {
        using (RunLog log = new(LogPath))
        {
            log.WriteIteration(1, 1, 1, 1, 1);
            log.WriteIteration(2, 2, 2, 2, 2);
        }

        byte[] whole = File.ReadAllBytes(LogPath);
        int firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(LogPath, whole[..length]);
            int expected = length < firstLine ? 0 : length < whole.Length ? 1 : 2;
            Assert.Equal(expected, RunLog.Read(LogPath).Count);
            using (RunLog log = new(LogPath))
            {
                log.WriteIteration(9, 9, 9, 9, 9);
            }

            Assert.Equal(expected + 1, RunLog.Read(LogPath).Count);
            Assert.Equal(9, RunLog.Read(LogPath)[^1].Iteration);
        }
    }

    [Fact]
    public void TruncateAfter_KeepsWhatIsUpToTheIteration()
    {
        using (RunLog log = new(LogPath))
        {
            for (int i = 10; i <= 50; i += 10)
            {
                log.WriteIteration(i, i, 1, 1, 1);
                log.WriteEvaluation(i, 0.5, 0.5, 0.5);
            }
        }

        string[] before = File.ReadAllLines(LogPath);
        RunLog.TruncateAfter(LogPath, 30);
        Assert.Equal(before[..6], File.ReadAllLines(LogPath));
        Assert.Equal([LogPath], Directory.GetFiles(_folder.Path));
        RunLog.TruncateAfter(_folder.File("none.jsonl"), 30);
        Assert.Equal([LogPath], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("hello\n{\"iter\":1}\n", 1)]
    [InlineData("{\"iter\":1}\n{\"iter\":1.5}\n{\"iter\":2}\n", 2)]
    [InlineData("{\"iter\":1}\n[1]\n{\"iter\":2}\n", 2)]
    [InlineData("{\"loss\":1}\n{\"iter\":2}\n", 1)]
    public void Read_DamagedInTheMiddle_NamesTheLine(string text, int line)
    {
        File.WriteAllText(LogPath, text);
        string expected = $"{LogPath}:{line}: is no line of a log.";
        Assert.Equal(expected, Assert.Throws<InputException>(() => RunLog.Read(LogPath)).Message);
        Assert.Equal(expected, Assert.Throws<InputException>(() => new RunLog(LogPath)).Message);
        Assert.Equal(text, File.ReadAllText(LogPath));
    }

    [Fact]
    public void Open_WhereNoFileCanBe_SaysSo()
    {
        string path = _folder.File("no", "such", "folder", "log.jsonl");
        Assert.Equal($"{path}: its folder does not exist.", Assert.Throws<InputException>(() => new RunLog(path)).Message);
        Assert.Equal($"{path}: its folder does not exist.", Assert.Throws<InputException>(() => RunLog.Read(path)).Message);
    }

    [Fact]
    public void TruncateAfter_EvaluationThatTheStateDoesNotKnow_TakesItAwayToo()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("log.jsonl");
        using (RunLog log = new(path))
        {
            log.WriteIteration(4, 0.5, 1e-3, 10, 0);
            log.WriteEvaluation(4, 0.3, 0.6, 0.4);
            log.WriteIteration(5, 0.5, 1e-3, 10, 0);
            log.Flush();
        }

        RunLog.TruncateAfter(path, 4, 2);
        Assert.False(Assert.Single(RunLog.Read(path)).IsEvaluation);
    }
}
