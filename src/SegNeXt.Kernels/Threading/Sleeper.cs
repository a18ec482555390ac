using System.Diagnostics;

namespace SegNeXt.Kernels;

/// <summary>One thread's way to wait: awake at first, then asleep. To wake a thread that is awake costs one read.</summary>
internal sealed class Sleeper : IDisposable
{
    // Longer than the gap between two loops of a picture, and than the system takes to wake a thread.
    private static readonly long s_awake = Stopwatch.Frequency / 10_000;

    private readonly SemaphoreSlim _bell = new(0);
    private int _asleep;

    /// <summary>Waits until something holds, or for no reason; the caller looks again.</summary>
    public void Wait(Func<ThreadTeam, long, bool> holds, ThreadTeam team, long value)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            for (int i = 0; i < 32; i++)
            {
                if (holds(team, value))
                {
                    return;
                }

                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() - start < s_awake);

        // Whoever makes it hold after this line sees the thread asleep; before it, this thread sees that it holds.
        Interlocked.Exchange(ref _asleep, 1);
        if (!holds(team, value) || Interlocked.Exchange(ref _asleep, 0) == 0)
        {
            _bell.Wait();
        }
    }

    /// <summary>Wakes the thread if it sleeps. What it waits for must hold already, by an interlocked operation.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            _bell.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bell.Dispose();
}
