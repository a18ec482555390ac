using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Work over many files in parallel whose outcome does not depend on which thread was first.</summary>
internal static class Faults
{
    /// <summary>Runs over all indices; of the errors, the one of the lowest index is thrown.</summary>
    /// <exception cref="InputException">The first error.</exception>
    public static void First(int count, Action<int, CancellationToken> work, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<InputException> faults = Collect(count, work, 1, cancellationToken);
        if (faults.Count > 0)
        {
            throw new InputException(faults[0].Message, faults[0]);
        }
    }

    /// <summary>Runs over all indices and returns the errors of the lowest ones, in their order.</summary>
    /// <param name="count">Number of indices.</param>
    /// <param name="work">Throws <see cref="InputException"/> where there is a fault.</param>
    /// <param name="most">Stops looking at higher indices when it has as many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<InputException> Collect(int count, Action<int, CancellationToken> work, int most, CancellationToken cancellationToken)
    {
        SortedDictionary<int, InputException> found = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i =>
        {
            lock (found)
            {
                if (found.Count >= most && found.Keys.ElementAt(most - 1) < i)
                {
                    return;
                }
            }

            try
            {
                work(i, cancellationToken);
            }
            catch (InputException fault)
            {
                lock (found)
                {
                    found.Add(i, fault);
                }
            }
        });
        return [.. found.Values.Take(most)];
    }
}
