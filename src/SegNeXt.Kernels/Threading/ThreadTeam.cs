namespace SegNeXt.Kernels;

/// <summary>
/// Threads that stay: the caller and its helpers share out the items of one loop after another, each taking the next
/// item when it is done with one. Helpers wait awake for a moment, since the next loop mostly follows at once, and then
/// sleep.
/// </summary>
/// <remarks>
/// A network is some hundred short loops a picture; <c>Parallel.For</c> costs several microseconds and an allocation for
/// each. The caller waits for items, not for helpers: one that the system has put aside holds up only the item that it has
/// in hand. One loop at a time: callers from other threads queue up.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Thread[] _helpers;
    private readonly Sleeper[] _sleepers;
    private readonly Sleeper _caller = new();
    private Action<int, int>? _body;
    private Exception? _fault;
    private int _count;
    private int _done;

    // The loop's number and the next item's: a helper that comes late can take no item of another loop than it has seen.
    private long _ticket;
    private bool _ended;

    /// <summary>Starts the helpers.</summary>
    /// <param name="threads">Threads in all, the caller included; at least 1.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = new Thread[threads - 1];
        _sleepers = new Sleeper[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            int index = i;
            _sleepers[i] = new Sleeper();
            _helpers[i] = new Thread(() => Help(index)) { IsBackground = true, Name = $"SegNeXt {index + 1}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Threads in all.</summary>
    public int Threads => _helpers.Length + 1;

    /// <summary>Runs a loop and returns when all of it is done.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="body">Gets the thread, 0 to <see cref="Threads"/> − 1, and the item.</param>
    /// <exception cref="AggregateException">A body threw; its exception is inside.</exception>
    public void For(int count, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            int helpers = Math.Min(_helpers.Length, count - 1);
            if (helpers <= 0)
            {
                for (int i = 0; i < count; i++)
                {
                    body(0, i);
                }

                return;
            }

            (_body, _count, _done, _fault) = (body, count, 0, null);
            long loop = (Volatile.Read(ref _ticket) >> 32) + 1;
            Interlocked.Exchange(ref _ticket, loop << 32);
            for (int i = 0; i < helpers; i++)
            {
                _sleepers[i].Wake();
            }

            Share(0, loop);
            while (Volatile.Read(ref _done) < count)
            {
                _caller.Wait(static (team, all) => Volatile.Read(ref team._done) >= all, this, count);
            }

            // Closed before anything of it changes: a late helper finds no item left, whatever count it has read.
            Interlocked.Exchange(ref _ticket, (loop << 32) | int.MaxValue);
            _body = null;
            if (_fault is { } fault)
            {
                throw new AggregateException(fault);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            Volatile.Write(ref _ended, true);
            Interlocked.Add(ref _ticket, 1L << 32);
            foreach (Sleeper sleeper in _sleepers)
            {
                sleeper.Wake();
            }
        }

        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }

        foreach (Sleeper sleeper in _sleepers)
        {
            sleeper.Dispose();
        }

        _caller.Dispose();
    }

    private void Help(int index)
    {
        long seen = 0;
        while (true)
        {
            long last = seen;
            while ((seen = Volatile.Read(ref _ticket) >> 32) == last)
            {
                _sleepers[index].Wait(static (team, last) => Volatile.Read(ref team._ticket) >> 32 != last, this, last);
            }

            if (Volatile.Read(ref _ended))
            {
                return;
            }

            Share(index + 1, seen);
        }
    }

    /// <summary>Takes items of a loop until there are none.</summary>
    private void Share(int thread, long loop)
    {
        while (true)
        {
            // Both are this loop's if the ticket still is when it is taken.
            Action<int, int>? body = Volatile.Read(ref _body);
            int count = Volatile.Read(ref _count);
            long ticket = Volatile.Read(ref _ticket);
            if (ticket >> 32 != loop || (int)ticket >= count)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
            {
                continue;
            }

            try
            {
                // The other items of a loop that has failed are passed over.
                if (Volatile.Read(ref _fault) is null)
                {
                    body!(thread, (int)ticket);
                }
            }
            catch (Exception fault)
            {
                Interlocked.CompareExchange(ref _fault, fault, null);
            }

            if (Interlocked.Increment(ref _done) == count && thread != 0)
            {
                _caller.Wake();
            }
        }
    }
}
