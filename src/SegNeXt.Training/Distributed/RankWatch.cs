using System.Diagnostics;
using System.Globalization;
using System.Text;
using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Knows who of a run's ranks is still there: each counts up a number in the store, on a thread of its own, and looks there for
/// what another may have said at its end. An operation over the ranks only fails, without a name.
/// </summary>
internal sealed class RankWatch : IDisposable
{
    private const string FaultKey = "fault";
    private const string SeenKey = "fault/seen";
    private const string SpeakerKey = "fault/speaker";
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(500);

    // A rank whose number stands still for as long is gone: much longer than a beat, and well within the second or two that
    // launchers leave to the other processes after the first has died.
    private static readonly TimeSpan s_still = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly RankEnvironment _place;
    private readonly TcpStore _store;
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private volatile string? _fault;

    /// <summary>Begins.</summary>
    /// <param name="place">This process's place.</param>
    /// <param name="port">The store's port.</param>
    /// <param name="timeout">How long to wait for the store.</param>
    public RankWatch(RankEnvironment place, int port, TimeSpan timeout)
    {
        _place = place;

        // A connection of its own: a wait on the run's other one would hold the beats up.
        _store = new TcpStore(place.MasterAddress, port, false, 0, timeout);
        _thread = new Thread(Beat) { IsBackground = true, Name = "ranks" };
        _thread.Start();
    }

    /// <summary>Says at this rank's end what happened, and waits a moment for the others to take note.</summary>
    /// <param name="message">One sentence.</param>
    public void Say(string message) => Say(message, _place.WorldSize - 1);

    private void Say(string message, int listeners)
    {
        try
        {
            lock (_gate)
            {
                _store.Set(FaultKey, Encoding.UTF8.GetBytes($"rank {_place.Rank}: {message}"));
            }

            Stopwatch waited = Stopwatch.StartNew();
            while (waited.Elapsed < s_farewell && Count(SeenKey) < listeners)
            {
                Thread.Sleep(50);
            }
        }
        catch (TorchException)
        {
            // The store went with rank 0.
        }
    }

    /// <summary>The reason for a failed operation over the ranks.</summary>
    /// <param name="error">The operation's error.</param>
    /// <param name="timeout">How long it may have waited.</param>
    public RankLostException Explain(TorchException error, TimeSpan timeout)
    {
        bool waited = error.Message.Contains("Timed out", StringComparison.OrdinalIgnoreCase) || error.Message.Contains("timeout", StringComparison.OrdinalIgnoreCase);
        string how = waited
            ? string.Create(CultureInfo.InvariantCulture, $"takes no part any more: the others waited {timeout.TotalSeconds:0} s for it (train.rank_timeout)")
            : "has ended or cannot be reached any more";
        int[]? still;
        try
        {
            still = Still();
        }
        catch (TorchException)
        {
            still = null;
        }

        if (_fault is { } fault)
        {
            return new RankLostException($"Another rank ended the run: {fault}", error) { IsTold = true };
        }

        if (still is null)
        {
            // The store is rank 0's.
            return new RankLostException($"Rank 0 {how}.", error) { IsTold = _place.Rank > 1 };
        }

        string who = still.Length == 0 ? "A rank" : still.Length == 1 ? $"Rank {still[0]}" : $"Each of the ranks {string.Join(", ", still)}";
        string hint = still.Length == 0 && waited ? "; all of them still run: one may have had long work to do, or is waiting for something else" : "";
        string message = $"{who} {how}{hint}.";
        return new RankLostException(message, error) { IsTold = !Speaks(message, _place.WorldSize - 1 - still.Length) };
    }

    /// <summary>
    /// Tells the others why this rank leaves, if it is the first to notice: some only notice that their neighbour leaves, which
    /// would then seem to be another that is lost. Whoever is not the first waits for what the first says.
    /// </summary>
    private bool Speaks(string message, int listeners)
    {
        bool speaks;
        try
        {
            lock (_gate)
            {
                speaks = _store.Add(SpeakerKey, 1) == 1;
            }
        }
        catch (TorchException)
        {
            return _fault is null;
        }

        if (speaks)
        {
            Say(message, listeners);
        }

        Stopwatch waited = Stopwatch.StartNew();
        while (!speaks && _fault is null && waited.Elapsed < s_farewell)
        {
            Thread.Sleep(50);
        }

        return speaks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Set();
        if (_thread.Join(s_still))
        {
            _store.Dispose();
            _end.Dispose();
        }
    }

    private void Beat()
    {
        try
        {
            do
            {
                lock (_gate)
                {
                    _ = _store.Add(KeyOf(_place.Rank), 1);
                    if (_fault is null && _store.Contains(FaultKey))
                    {
                        _fault = Encoding.UTF8.GetString(_store.Get(FaultKey));
                        _ = _store.Add(SeenKey, 1);
                    }
                }
            }
            while (!_end.Wait(s_beat));
        }
        catch (TorchException)
        {
            // Rank 0 is gone, with the store; the run's own operations fail and say so.
        }
    }

    /// <summary>The ranks whose number does not move; returns early when a rank has said why it ended.</summary>
    private int[] Still()
    {
        long[] before = Beats();
        Stopwatch waited = Stopwatch.StartNew();
        bool[] moved = new bool[_place.WorldSize];
        moved[_place.Rank] = true;
        while (waited.Elapsed < s_still && _fault is null && !Array.TrueForAll(moved, static m => m))
        {
            Thread.Sleep(100);
            long[] now = Beats();
            for (int rank = 0; rank < moved.Length; rank++)
            {
                moved[rank] |= now[rank] > before[rank];
            }
        }

        return [.. Enumerable.Range(0, moved.Length).Where(rank => !moved[rank])];
    }

    private long[] Beats() => [.. Enumerable.Range(0, _place.WorldSize).Select(rank => Count(KeyOf(rank)))];

    private long Count(string key)
    {
        lock (_gate)
        {
            return _store.Add(key, 0);
        }
    }

    private static string KeyOf(int rank) => $"beat/{rank}";
}
