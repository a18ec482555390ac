namespace SegNeXt.Data;

/// <summary>
/// The endless sequence of samples of a run: epoch after epoch, each a permutation of the data set that depends on the
/// seed and the epoch's number only. Safe to use from many threads.
/// </summary>
/// <param name="count">Samples in the data set, at least 1.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="shuffle">Whether the order is random; otherwise it is the data set's.</param>
internal sealed class EpochOrder(int count, long seed, bool shuffle)
{
    private readonly Lock _gate = new();
    private Epoch? _latest;
    private Epoch? _previous;

    /// <summary>Which sample is at a place of the sequence.</summary>
    /// <param name="position">From 0 up.</param>
    public int IndexAt(long position)
    {
        int place = (int)(position % count);
        return shuffle ? Get(position / count).Order[place] : place;
    }

    private Epoch Get(long number)
    {
        lock (_gate)
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
            _latest = new Epoch(number, Shuffled(number));
            return _latest;
        }
    }

    private int[] Shuffled(long epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        SampleRandom random = new(Seeds.For(seed, "shuffle", epoch));
        random.Shuffle<int>(order);
        return order;
    }

    private sealed record Epoch(long Number, int[] Order);
}
