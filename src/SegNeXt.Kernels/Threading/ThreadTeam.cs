namespace SegNeXt.Kernels;

/// <summary>
/// Threads that stay: the caller and its helpers share out the items of one loop after another, each taking the next
/// item when it is done with one. Helpers wait awake for a moment, since the next loop mostly follows at once, and then
/// sleep.
/// </summary>
/// <remarks>
/// A network is some hundred short loops a picture; <c>Parallel.For</c> costs several microseconds and an allocation for
/// each. One loop at a time: callers from other threads queue up.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    // About 20 µs awake: longer than the gap between two loops of a picture, shorter than anything a neighbour notices.
    private const int Spins = 400;

    private readonly Lock _gate = new();
    private readonly Thread[] _helpers;
    private readonly ManualResetEventSlim[] _starts;
    private readonly ManualResetEventSlim _finished = new(initialState: true, spinCount: Spins);
    private Action<int, int>? _body;
    private Exception? _fault;
    private int _count;
    private int _next;
    private int _busy;
    private bool _ended;

    /// <summary>Starts the helpers.</summary>
    /// <param name="threads">Threads in all, the caller included; at least 1.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = new Thread[threads - 1];
        _starts = new ManualResetEventSlim[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            int index = i;
            _starts[i] = new ManualResetEventSlim(initialState: false, spinCount: Spins);
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

            (_body, _count, _next, _fault) = (body, count, 0, null);
            Volatile.Write(ref _busy, helpers);
            _finished.Reset();
            for (int i = 0; i < helpers; i++)
            {
                _starts[i].Set();
            }

            Share(0);
            _finished.Wait();
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

            _ended = true;
            foreach (ManualResetEventSlim start in _starts)
            {
                start.Set();
            }
        }

        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }

        foreach (ManualResetEventSlim start in _starts)
        {
            start.Dispose();
        }

        _finished.Dispose();
    }

    private void Help(int index)
    {
        ManualResetEventSlim start = _starts[index];
        while (true)
        {
            start.Wait();
            start.Reset();
            if (_ended)
            {
                return;
            }

            Share(index + 1);
            if (Interlocked.Decrement(ref _busy) == 0)
            {
                _finished.Set();
            }
        }
    }

    private void Share(int thread)
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
            {
                _body!(thread, i);
            }
        }
        catch (Exception fault)
        {
            // The caller throws it; the other threads find nothing left to do.
            Interlocked.CompareExchange(ref _fault, fault, null);
            Volatile.Write(ref _next, _count);
        }
    }
}
