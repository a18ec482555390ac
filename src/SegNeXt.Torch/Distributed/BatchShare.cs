namespace SegNeXt.Torch;

/// <summary>The part of a batch that one process computes: images <see cref="First"/> to <see cref="First"/> + <see cref="Count"/> − 1 of <see cref="Total"/>.</summary>
/// <param name="First">Images before it, those of lower ranks.</param>
/// <param name="Count">Images in it.</param>
/// <param name="Total">Images of all processes.</param>
public readonly record struct BatchShare(int First, int Count, int Total)
{
    /// <summary>The share of a rank; shares differ by one image at most.</summary>
    /// <param name="total">Images of all processes, at least as many as there are.</param>
    /// <param name="rank">The rank, from 0.</param>
    /// <param name="size">Number of processes.</param>
    public static BatchShare Of(int total, int rank, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, size);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        int first = Begin(rank);
        return new BatchShare(first, Begin(rank + 1) - first, total);

        int Begin(int of) => (int)((long)of * total / size);
    }
}
