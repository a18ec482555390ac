using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Splits a data set in two by class, so that both have every class in the same proportion.</summary>
public static class HeldOut
{
    /// <summary>Splits.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="share">Share of each class that is held out, rounded to whole pictures, at least one and not all.</param>
    /// <param name="seed">Which pictures; the same seed holds out the same ones.</param>
    /// <returns>The rest to train on, and what is held out, each in the data set's order.</returns>
    /// <exception cref="InputException">A class has a single picture.</exception>
    public static (IClassificationDataSet Train, IClassificationDataSet Held) Split(IClassificationDataSet data, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        List<int> train = [], held = [];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, data.Count).GroupBy(data.ClassOf))
        {
            int[] order = [.. members];
            if (order.Length < 2)
            {
                throw new InputException($"{data.Path(order[0])}: is the only picture of its class, so that none can be held out of the training; add pictures or a split of their own.");
            }

            SampleRandom random = new(Seeds.For(seed, "holdout", members.Key));
            random.Shuffle<int>(order);
            int count = Math.Clamp((int)Math.Round(share * order.Length), 1, order.Length - 1);
            held.AddRange(order[..count]);
            train.AddRange(order[count..]);
        }

        return (new Subset(data, [.. train.Order()]), new Subset(data, [.. held.Order()]));
    }

    private sealed class Subset(IClassificationDataSet data, int[] indices) : IClassificationDataSet
    {
        public IReadOnlyList<string> Classes => data.Classes;

        public int Count => indices.Length;

        public string Name(int index) => data.Name(indices[index]);

        public string Path(int index) => data.Path(indices[index]);

        public int ClassOf(int index) => data.ClassOf(indices[index]);

        public ClassifiedImage Load(int index) => data.Load(indices[index]);
    }
}
