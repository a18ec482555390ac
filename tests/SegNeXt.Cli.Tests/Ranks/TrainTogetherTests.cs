using System.ComponentModel;
using System.Globalization;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

/// <summary>One short run in one process, which the same run in several has to repeat.</summary>
public sealed class SoleRun : IDisposable
{
    /// <summary>A batch that two and three ranks share, unevenly too; every random draw that training has.</summary>
    private static readonly string[] s_settings =
    [
        "train.iterations=5", "train.batch=4", "train.crop=32x32", "train.lr=1e-3", "train.warmup_iterations=2", "train.workers=1",
        "eval.interval=5", "checkpoint.interval=1", "log.interval=1", "seed=3",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<IReadOnlyList<LogEntry>> _log;

    public SoleRun()
    {
        SmallDataSet.Write(Data, train: 6, val: 3);
        _log = new Lazy<IReadOnlyList<LogEntry>>(() =>
        {
            string run = _folder.File("sole");
            CommandRun train = CommandRun.Of(Train(run));
            Assert.True(train.Code == ExitCode.Done, train.Error);
            return RunLog.Read(Path.Combine(run, "log.jsonl"));
        });
    }

    /// <summary>The data set.</summary>
    internal string Data => _folder.File("data");

    /// <summary>The log of the run in one process.</summary>
    internal IReadOnlyList<LogEntry> Log => _log.Value;

    public void Dispose() => _folder.Dispose();

    /// <summary>The run's command line.</summary>
    internal string[] Train(string run, params string[] more) => ["train", "--data", Data, "--out", run, .. TrainedRun.Sets(s_settings), .. more];
}

/// <summary>Several real processes train one network, each started as users start them.</summary>
public sealed class TrainTogetherTests(SoleRun sole) : IClassFixture<SoleRun>, IDisposable
{
    private static readonly string[] s_resume = ["--resume"];

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Launch_TwoRanks_TrainAsOneProcessDoes()
    {
        RequireC10d();
        using StartedProgram program = StartedProgram.Segnext(["launch", "--nproc", "2", "--", .. sole.Train(Run)]);
        AssertSame(program.End());
    }

    [SkippableFact]
    public void Mpirun_TwoRanks_TrainAsOneProcessDoes()
    {
        RequireC10d();
        RequireMpirun();

        // Where there is no ssh, Debian's mpirun does not even start processes on its own host, unless it is told another way to others.
        using StartedProgram program = StartedProgram.Run(
            ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "plm_rsh_agent", "sh", "-n", "2", .. StartedProgram.Line(sole.Train(Run))]);
        AssertSame(program.End());
    }

    [SkippableFact]
    public void TwoHosts_InNetworksOfTheirOwn_TrainAsOneProcessDoes()
    {
        RequireC10d();
        using TwoHosts hosts = TwoHosts.Require();
        StartedProgram[] ranks =
        [
            .. Enumerable.Range(0, 2).Select(rank => StartedProgram.Run(
                [.. hosts.Enter(rank), .. StartedProgram.Line(sole.Train(Run))],
                ("RANK", $"{rank}"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", TwoHosts.Address(0)), ("MASTER_PORT", "29500"))),
        ];
        try
        {
            CommandRun[] ends = [.. ranks.Select(rank => rank.End())];
            Assert.True(ends[1] is { Code: ExitCode.Done, Output: "" }, ends[1].Error);
            AssertSame(ends[0]);
        }
        finally
        {
            foreach (StartedProgram rank in ranks)
            {
                rank.Dispose();
            }
        }
    }

    [SkippableFact]
    public void RankThatIsKilled_EndsTheOthers_AndOtherNumbersOfRanksGoOn()
    {
        RequireC10d();
        Skip.IfNot(Directory.Exists("/proc/self"), "skipped: the system has no /proc");
        using (StartedProgram two = StartedProgram.Segnext(["launch", "--nproc", "2", "--", .. sole.Train(Run)]))
        {
            two.WaitUntil(() => Iterations().Count > 0);
            StartedProgram.Signal("KILL", two.Ranks()[1]);
            CommandRun end = two.End();
            Assert.Equal(128 + 9, end.Code);
            Assert.Contains("rank 1 of 2 was ended by SIGKILL", Complaint(end), StringComparison.Ordinal);
            Assert.Contains("--resume", Complaint(end), StringComparison.Ordinal);
        }

        int before = Iterations().Count;
        using (StartedProgram three = StartedProgram.Segnext(["launch", "--nproc", "3", "--", .. sole.Train(Run, s_resume)]))
        {
            three.WaitUntil(() => Iterations().Count > before);
            StartedProgram.Signal("TERM", three.Id);
            CommandRun end = three.End();
            Assert.Equal(ExitCode.Interrupted, end.Code);
            Assert.Equal("segnext: interrupted.", Complaint(end));
        }

        AssertSame(CommandRun.Of(sole.Train(Run, s_resume)));
    }

    private static void RequireC10d()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        Skip.IfNot(ProcessGroup.IsAvailable(DistributedBackend.Gloo), "skipped: this libtorch has no c10d");
    }

    private static void RequireMpirun()
    {
        try
        {
            using StartedProgram version = StartedProgram.Run(["mpirun", "--version"]);
            Skip.IfNot(version.End().Output.Contains("Open MPI", StringComparison.Ordinal), "skipped: mpirun is not Open MPI's");
        }
        catch (Win32Exception)
        {
            Skip.If(true, "skipped: no mpirun; `apt install openmpi-bin` brings it");
        }
    }

    /// <summary>The one line that is neither progress nor result.</summary>
    private static string Complaint(CommandRun run) => Assert.Single(
        run.Error.Split('\n'), line => line.StartsWith("segnext: ", StringComparison.Ordinal) || line.StartsWith("rank ", StringComparison.Ordinal));

    private HashSet<int> Iterations()
    {
        string log = Path.Combine(Run, "log.jsonl");
        try
        {
            return File.Exists(log) ? [.. RunLog.Read(log).Select(entry => entry.Iteration)] : [];
        }
        catch (IOException)
        {
            // Just being replaced.
            return [];
        }
    }

    /// <summary>
    /// The same losses and figures, each iteration once. Sums in another order differ in the last bits of a float, which a few steps of
    /// AdamW make larger; what a rank sees twice, or not, or with statistics of its own, would show at once in the second digit.
    /// </summary>
    private void AssertSame(CommandRun run)
    {
        Assert.True(run.Code == ExitCode.Done, run.Error);
        IReadOnlyList<LogEntry> log = RunLog.Read(Path.Combine(Run, "log.jsonl"));
        Assert.Equal(sole.Log.Select(entry => entry.Iteration), log.Select(entry => entry.Iteration));
        foreach ((LogEntry expected, LogEntry found) in sole.Log.Zip(log))
        {
            Assert.Equal(double.IsNaN(expected["loss"]), double.IsNaN(found["loss"]));
            if (!double.IsNaN(expected["loss"]))
            {
                Assert.True(Math.Abs(expected["loss"] - found["loss"]) <= 1e-3 * expected["loss"], string.Create(CultureInfo.InvariantCulture, $"iteration {found.Iteration}: loss {found["loss"]}, in one process {expected["loss"]}"));
                Assert.Equal(expected["lr"], found["lr"]);
            }
            else
            {
                Assert.Equal(expected["mIoU"], found["mIoU"], 0.01);
            }
        }

        Assert.True(File.Exists(Path.Combine(Run, "report.html")));
    }
}
