using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Samples made up on demand; one of them may be broken, and loading may take its time or wait for a gate.</summary>
internal sealed class MemoryDataSet(int count, int broken = -1, TimeSpan delay = default, ManualResetEventSlim? gate = null) : ISegmentationDataSet
{
    private int _loads;

    public ClassSet Classes { get; } = ClassSet.Default(5);

    public int Count => count;

    public int Loads => Volatile.Read(ref _loads);

    public string Name(int index) => $"sample {index}";

    public (string Image, string Label) Paths(int index) => ($"{index}.jpg", $"{index}.png");

    public Sample Load(int index)
    {
        Interlocked.Increment(ref _loads);
        Thread.Sleep(delay);
        gate?.Wait();
        return index == broken
            ? throw new InputException($"{index}.jpg: broken.")
            : TestSamples.Random(24 + (index % 3), 20, (ulong)index);
    }
}
