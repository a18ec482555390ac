namespace SegNeXt.Data;

/// <summary>
/// The endless sequence of samples of a run: epoch after epoch, each a shuffled list of the data set, a sample in it as
/// often as its repeat factor says, that depends on the seed and the epoch's number only. Safe to use from many threads.
/// </summary>
internal sealed class EpochOrder
{
    private readonly Lock _gate = new();
    private readonly int _count;
    private readonly long _seed;
    private readonly bool _shuffle;
    private readonly IReadOnlyList<double>? _factors;

    // Where the epochs begin, as far as they are known; only with factors, since otherwise all are of one length.
    private readonly List<long> _starts = [0];
    private Epoch? _latest;
    private Epoch? _previous;

    /// <summary>Creates the sequence.</summary>
    /// <param name="count">Samples in the data set, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffle">Whether the order is random; otherwise it is the data set's.</param>
    /// <param name="factors">How often each sample comes in an epoch on average, each at least 1; null for once.</param>
    public EpochOrder(int count, long seed, bool shuffle, IReadOnlyList<double>? factors = null)
    {
        _count = count;
        _seed = seed;
        _shuffle = shuffle;
        _factors = factors;
    }

    /// <summary>Which sample is at a place of the sequence.</summary>
    /// <param name="position">From 0 up.</param>
    public int IndexAt(long position)
    {
        if (!_shuffle && _factors is null)
        {
            return (int)(position % _count);
        }

        lock (_gate)
        {
            (long number, long start) = EpochAt(position);
            return Get(number).Order[(int)(position - start)];
        }
    }

    private (long Number, long Start) EpochAt(long position)
    {
        if (_factors is null)
        {
            return (position / _count, position / _count * _count);
        }

        while (_starts[^1] <= position)
        {
            _starts.Add(_starts[^1] + Repeated(_starts.Count - 1).Count);
        }

        int found = _starts.BinarySearch(position);
        int number = found >= 0 ? found : ~found - 1;
        return (number, _starts[number]);
    }

    private Epoch Get(long number)
    {
        if (_latest?.Number == number)
        {
            return _latest;
        }

        // Threads that work on a batch across the border ask for both epochs in turn.
        if (_previous?.Number == number)
        {
            return _previous;
        }

        _previous = _latest;
        _latest = new Epoch(number, Ordered(number));
        return _latest;
    }

    private int[] Ordered(long epoch)
    {
        int[] order = _factors is null ? [.. Enumerable.Range(0, _count)] : [.. Repeated(epoch)];
        if (_shuffle)
        {
            SampleRandom random = new(Seeds.For(_seed, "shuffle", epoch));
            random.Shuffle<int>(order);
        }

        return order;
    }

    /// <summary>The samples of an epoch in the data set's order, each as often as it comes.</summary>
    private List<int> Repeated(long epoch)
    {
        SampleRandom random = new(Seeds.For(_seed, "repeat", epoch));
        List<int> samples = [];
        for (int i = 0; i < _count; i++)
        {
            double factor = _factors![i];
            int times = (int)factor + (random.NextDouble() < factor - Math.Floor(factor) ? 1 : 0);
            for (int n = 0; n < times; n++)
            {
                samples.Add(i);
            }
        }

        return samples;
    }

    private sealed record Epoch(long Number, int[] Order);
}
