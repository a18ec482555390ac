namespace SegNeXt.Cli.Tests;

public class RankVerdictTests
{
    private static readonly DateTime s_start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Of_AllDone_IsSilent() => Assert.Equal(new RankVerdict(0, null), Judge(End(0, 0, 1), End(1, 0, 2)));

    [Fact]
    public void Of_InputsThatFailed_IsSilentToo() => Assert.Equal(new RankVerdict(1, null), Judge(End(0, 1, 1), End(1, 0, 2)));

    [Fact]
    public void Of_Stopped_SaysSoOnce() =>
        Assert.Equal(new RankVerdict(130, "segnext: interrupted."), Judge(End(0, 130, 1, "segnext: interrupted."), End(1, 130, 2, "segnext: interrupted.")));

    [Fact]
    public void Of_KilledRank_NamesItWhateverTheOthersSayOfIt()
    {
        RankVerdict verdict = Judge(End(0, 2, 2, "segnext: rank 1 is gone."), End(1, 137, 1), End(2, 137, 30, killed: true));
        Assert.Equal(137, verdict.Code);
        Assert.Equal("segnext: rank 1 of 3 was ended by SIGKILL, by somebody's hand or by the system for want of memory; the others were stopped, and --resume goes on from the last checkpoint.", verdict.Sentence);
    }

    [Fact]
    public void Of_SeveralFailures_TakesTheFirst() =>
        Assert.Equal(new RankVerdict(2, "segnext: rank 1 of 2 failed: there is not enough memory; the others were stopped."), Judge(End(0, 134, 5), End(1, 2, 1, "segnext: there is not enough memory.")));

    [Fact]
    public void Of_RankThatEndsForAnothersSake_LeavesTheWordToIt() =>
        Assert.StartsWith("segnext: rank 1 of 2 failed: no space left", Judge(End(0, 2, 1), End(1, 2, 3, "segnext: no space left.")).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Of_TheSameOfAllRanks_IsNobodysOwn() =>
        Assert.Equal(new RankVerdict(2, "segnext: d: no folder."), Judge(End(0, 2, 1, "segnext: d: no folder."), End(1, 2, 2, "segnext: d: no folder.")));

    [Fact]
    public void Of_TheSameOfSomeRanks_NamesTheFirst() =>
        Assert.StartsWith("segnext: rank 0 of 3 failed: d: no folder;", Judge(End(0, 2, 1, "segnext: d: no folder."), End(1, 2, 2, "segnext: d: no folder."), End(2, 130, 3)).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Of_FailureWithoutAWord_GivesTheCode() =>
        Assert.Equal("segnext: rank 0 of 2 ended with exit code 77 and without a word; the others were stopped.", RankVerdict.Of([End(0, 77, 1), End(1, 0, 2)], resumes: false).Sentence);

    [Fact]
    public void Of_OneRankAlone_SpeaksForItself() => Assert.Equal(new RankVerdict(2, "segnext: d."), Judge(End(0, 2, 1, "segnext: d.")));

    [Fact]
    public void Of_RankThatDidNotStopInTime_IsStopped() => Assert.Equal(130, Judge(End(0, 130, 1, "segnext: interrupted."), End(1, 137, 2, killed: true)).Code);

    private static RankVerdict Judge(params RankEnd[] ends) => RankVerdict.Of(ends, resumes: true);

    private static RankEnd End(int rank, int code, int at, string? failure = null, bool killed = false) => new(rank, code, s_start.AddSeconds(at), failure, killed);
}
