using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class LoaderMemoryTests
{
    private const int Workers = 2;
    private const int Prefetch = 2;

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public void Next_AnyNumberOfImages_HoldsNoMoreThanTheThreadsWorkOn(int images)
    {
        Watched data = new(images);
        HashSet<Batch> buffers = new(ReferenceEqualityComparer.Instance);
        TrainTransform transform = new(new AugmentationOptions { ResizeBaseWidth = 0, ResizeBaseHeight = 0, CropHeight = 16, CropWidth = 16 });
        using DataLoader loader = new(data, transform, new LoaderOptions { Batch = 5, Workers = Workers, Prefetch = Prefetch, CacheBytes = 0 });
        for (int i = 0; i < images / 5; i++)
        {
            Batch batch = loader.Next();
            buffers.Add(batch);
            loader.Return(batch);
        }

        // Each thread may hold one, and one more in a register or a place on its stack that is not used any more. They work
        // ahead until the prefetched batches are full: what is counted meanwhile may be on its way out.
        SpinWait.SpinUntil(() => data.Alive() <= 2 * Workers, TimeSpan.FromSeconds(20));
        Assert.InRange(data.Alive(), 0, 2 * Workers);
        Assert.InRange(buffers.Count, 1, Prefetch + 1);
    }

    /// <summary>Watches what becomes of the samples that it gives out.</summary>
    private sealed class Watched(int count) : ISegmentationDataSet
    {
        private readonly List<WeakReference> _given = [];

        public ClassSet Classes { get; } = ClassSet.Default(5);

        public int Count => count;

        public string Name(int index) => $"{index}";

        public (string Image, string Label) Paths(int index) => ($"{index}.jpg", $"{index}.png");

        public Sample Load(int index)
        {
            Sample sample = TestSamples.Random(24, 20, (ulong)index);
            lock (_given)
            {
                _given.Add(new WeakReference(sample.Image.Pixels));
            }

            return sample;
        }

        public int Alive()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            lock (_given)
            {
                return _given.Count(reference => reference.IsAlive);
            }
        }
    }
}
