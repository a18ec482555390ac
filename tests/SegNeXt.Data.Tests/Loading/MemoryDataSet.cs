using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Samples made up on demand; one of them may be broken, and loading may take its time.</summary>
internal sealed class MemoryDataSet(int count, int broken = -1, TimeSpan delay = default) : ISegmentationDataSet
{
    private int _loads;

    public ClassSet Classes { get; } = ClassSet.Default(5);

    public int Count => count;

    public int Loads => _loads;

    public string Name(int index) => $"sample {index}";

    public (string Image, string Label) Paths(int index) => ($"{index}.jpg", $"{index}.png");

    public Sample Load(int index)
    {
        Interlocked.Increment(ref _loads);
        Thread.Sleep(delay);
        return index == broken
            ? throw new InputException($"{index}.jpg: broken.")
            : TestSamples.Random(24 + (index % 3), 20, (ulong)index);
    }
}
