using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The threads and the memory that a fused function computes with, its own until it is disposed: functions of two
/// trainings may run at the same time, and libtorch's number of threads is each calling thread's own.
/// </summary>
/// <remarks>Teams are kept for the next function, so a training on its own has one, started once.</remarks>
internal readonly struct TeamLease : IDisposable
{
    // More than that at once is rare, and an idle team holds threads and scratch memory.
    private const int MostIdle = 4;

    private static readonly Lock s_gate = new();
    private static readonly List<TeamLease> s_idle = [];

    private readonly bool _flushes;

    private TeamLease(TrainingTeam team, bool flushes)
    {
        (Team, _flushes) = (team, flushes);
    }

    /// <summary>The team.</summary>
    public TrainingTeam Team { get; }

    /// <summary>
    /// Takes an idle team, or starts one, of as many threads as libtorch's. Its handling of sub-normal numbers is
    /// libtorch's as well, or a sum would depend on the thread that takes it.
    /// </summary>
    public static TeamLease Take()
    {
        int threads = TorchRuntime.Threads;
        bool flushes = TorchRuntime.FlushDenormals;
        lock (s_gate)
        {
            int i = s_idle.FindLastIndex(idle => idle.Team.Threads == threads && idle._flushes == flushes);
            if (i >= 0)
            {
                TeamLease lease = s_idle[i];
                s_idle.RemoveAt(i);
                return lease;
            }
        }

        return new TeamLease(new TrainingTeam(threads, InstructionLevels.Best), flushes);
    }

    /// <summary>Gives the team back.</summary>
    public void Dispose()
    {
        TrainingTeam? oldest = null;
        lock (s_gate)
        {
            s_idle.Add(this);
            if (s_idle.Count > MostIdle)
            {
                oldest = s_idle[0].Team;
                s_idle.RemoveAt(0);
            }
        }

        oldest?.Dispose();
    }
}
