using System.Diagnostics;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>A rank that ends or stands still ends the others, and one of them says which it was.</summary>
public sealed class LostRankTests : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Rank_Killed_EndsTheOthersWithItsName()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        RankProcesses.End[] ends = RankProcesses.Run(3, "killed", _folder.File("out"));
        Assert.Equal([3, 3, Killed], ends.Select(end => end.Code));
        Assert.Single(ends, end => end.Error.Contains("says: Rank 2 has ended", StringComparison.Ordinal));
        Assert.Single(ends, end => end.Error.Contains("told: ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Rank_ThatStandsStill_EndsTheOthersAfterTheTimeOut()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        string output = _folder.File("out");
        int port = RankProcesses.FreePort();
        string[] line = [typeof(SegNeXt.RankWorker.Scenarios).Assembly.Location, "hung", output, "timeout=10"];
        Process[] processes = [.. Enumerable.Range(0, 2).Select(rank => RankProcesses.Start(rank, 2, port, line))];

        // Only the last one stands still, and only the others can end.
        RankProcesses.End first = RankProcesses.Wait(processes[0]);
        processes[1].Kill();
        RankProcesses.Wait(processes[1]);
        Assert.Equal(3, first.Code);
        Assert.Contains("says: ", first.Error, StringComparison.Ordinal);
        Assert.Contains("takes no part any more", first.Error, StringComparison.Ordinal);
        Assert.Contains("10 s", first.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Rank_WithAFault_EndsTheOthersAndSaysItItself()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        RankProcesses.End[] ends = RankProcesses.Run(3, "fault", _folder.File("out"));
        Assert.Equal([3, 3, 2], ends.Select(end => end.Code));
        Assert.Contains("fault: picture 7 is damaged.", ends[2].Error, StringComparison.Ordinal);
        Assert.All(ends[..2], end => Assert.Contains("told: Another rank ended the run: rank 2: picture 7", end.Error, StringComparison.Ordinal));
    }
}
