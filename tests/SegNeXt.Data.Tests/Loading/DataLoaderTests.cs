using System.Diagnostics;
using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class DataLoaderTests
{
    /// <summary>Far longer than anything here takes, on a busy machine too.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly TrainTransform s_transform = new(new AugmentationOptions
    {
        CropHeight = 16, CropWidth = 18, ResizeBaseWidth = 24, ResizeBaseHeight = 20,
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(8, 2)]
    public void Next_AnyNumberOfWorkers_GivesTheSameBatches(int workers, int prefetch)
    {
        LoaderOptions options = new() { Batch = 3, Seed = 11 };
        List<Batch> expected = Collect(new MemoryDataSet(7), options with { Workers = 1, Prefetch = 1 }, 12);
        List<Batch> actual = Collect(new MemoryDataSet(7, delay: TimeSpan.FromMilliseconds(1)), options with { Workers = workers, Prefetch = prefetch }, 12);
        AssertSame(expected, actual);
    }

    [Fact]
    public void Next_StartedLater_ContinuesAsTheUnbrokenRun()
    {
        LoaderOptions options = new() { Batch = 4, Seed = 5, Workers = 2 };
        List<Batch> whole = Collect(new MemoryDataSet(7), options, 9);
        AssertSame(whole[5..], Collect(new MemoryDataSet(7), options with { StartIteration = 5 }, 4));
    }

    [Fact]
    public void Next_TwoProcesses_ShareTheSamplesOfOneTwiceAsLarge()
    {
        LoaderOptions options = new() { Batch = 2, Seed = 5, Workers = 2 };
        List<Batch> whole = Collect(new MemoryDataSet(9), options with { Batch = 4 }, 5);
        List<Batch> first = Collect(new MemoryDataSet(9), options with { WorldSize = 2 }, 5);
        List<Batch> second = Collect(new MemoryDataSet(9), options with { WorldSize = 2, Rank = 1 }, 5);
        for (int i = 0; i < whole.Count; i++)
        {
            Assert.Equal(whole[i].Images, first[i].Images.Concat(second[i].Images));
            Assert.Equal(whole[i].Indices, first[i].Indices.Concat(second[i].Indices));
        }
    }

    [Fact]
    public void Next_Shuffled_EachEpochHasEverySampleOnceInAnotherOrder()
    {
        int[] indices = [.. Collect(new MemoryDataSet(20), new LoaderOptions { Batch = 4, Workers = 2 }, 15).SelectMany(batch => batch.Indices)];
        int[][] epochs = [.. indices.Chunk(20)];
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 20), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
        Assert.NotEqual(Enumerable.Range(0, 20), epochs[0]);
    }

    [Fact]
    public void Next_NotShuffled_KeepsTheOrder()
    {
        int[] indices = [.. Collect(new MemoryDataSet(5), new LoaderOptions { Batch = 2, Shuffle = false }, 5).SelectMany(batch => batch.Indices)];
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], indices);
    }

    [Fact]
    public void Next_OtherSeed_GivesOtherBatches()
    {
        LoaderOptions options = new() { Batch = 3, Seed = 1 };
        Assert.NotEqual(
            Collect(new MemoryDataSet(7), options, 1)[0].Images,
            Collect(new MemoryDataSet(7), options with { Seed = 2 }, 1)[0].Images);
    }

    [Fact]
    public void Next_SameSampleInAnotherEpoch_IsAugmentedAnew()
    {
        List<Batch> batches = Collect(new MemoryDataSet(1), new LoaderOptions { Batch = 1 }, 2);
        Assert.NotEqual(batches[0].Images, batches[1].Images);
        Assert.Equal([1L], batches[1].Positions);
    }

    [Fact]
    public void Next_BrokenSample_ThrowsItsOwnErrorAtItsBatchAndAfter()
    {
        LoaderOptions options = new() { Batch = 2, Workers = 3, Shuffle = false };
        using DataLoader loader = new(new MemoryDataSet(10, broken: 5), s_transform, options);
        Assert.Equal([0, 1], loader.Next().Indices);
        Assert.Equal([2, 3], loader.Next().Indices);
        Assert.Equal("5.jpg: broken.", Assert.Throws<InputException>(() => loader.Next()).Message);
        Assert.Equal("5.jpg: broken.", Assert.Throws<InputException>(() => loader.Next()).Message);
    }

    [Fact]
    public async Task Next_Cancelled_EndsTheWait()
    {
        using ManualResetEventSlim samples = new();
        using DataLoader loader = new(new MemoryDataSet(4, gate: samples), s_transform, new LoaderOptions { Batch = 4, Workers = 1 });
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(50));
        Task waiting = Task.Run(() => loader.Next(source.Token));
        try
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience));
        }
        finally
        {
            samples.Set();
        }
    }

    [Fact]
    public async Task Dispose_WhileOneWaits_EndsBothSides()
    {
        // The samples stay away until the test lets them come, so that no batch can be ready however slow the machine is.
        using ManualResetEventSlim samples = new();
        MemoryDataSet data = new(4, gate: samples);
        DataLoader loader = new(data, s_transform, new LoaderOptions { Batch = 4, Workers = 2 });
        Task waiting = Task.Factory.StartNew(() => loader.Next(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => data.Loads == 2, s_patience));

        Task disposing = Task.Factory.StartNew(loader.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(s_patience));
        Assert.False(disposing.IsCompleted, "The threads are in the middle of a sample.");
        samples.Set();
        await disposing.WaitAsync(s_patience);
        Assert.Equal(2, data.Loads);
        Assert.Throws<ObjectDisposedException>(() => loader.Next());
        loader.Dispose();
    }

    [Fact]
    public void Dispose_WorkersBlockedOnRoom_ReturnsAtOnce()
    {
        MemoryDataSet data = new(100);
        DataLoader loader = new(data, s_transform, new LoaderOptions { Batch = 2, Workers = 2, Prefetch = 2, CacheBytes = 0 });
        loader.Next();

        // Time enough to load far more than the room allows.
        Thread.Sleep(200);
        Assert.InRange(data.Loads, 2, 6);
        Stopwatch watch = Stopwatch.StartNew();
        loader.Dispose();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Return_Batches_AreUsedAgain()
    {
        using DataLoader loader = new(new MemoryDataSet(6), s_transform, new LoaderOptions { Batch = 2, Workers = 2, Prefetch = 2 });
        HashSet<Batch> seen = [];
        for (int i = 0; i < 50; i++)
        {
            Batch batch = loader.Next();
            seen.Add(batch);
            loader.Return(batch);
            loader.Return(batch);
        }

        // Two ahead, one in use.
        Assert.InRange(seen.Count, 1, 4);
    }

    [Fact]
    public void Cache_RoomForAll_LoadsEachOnce()
    {
        MemoryDataSet data = new(6);
        using DataLoader loader = new(data, s_transform, new LoaderOptions { Batch = 3, Workers = 1 });
        for (int i = 0; i < 10; i++)
        {
            loader.Return(loader.Next());
        }

        Assert.Equal(6, data.Loads);
    }

    [Fact]
    public void Cache_Limit_IsKept()
    {
        MemoryDataSet data = new(10);
        long one = 24 * 20 * 4;
        SampleCache<Sample> cache = new(data.Count, data.Load, static sample => sample.Image.Pixels.LongLength + sample.Label.Ids.LongLength, (3 * one) + 100);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 10; i += 3)
            {
                cache.Load(i);
            }
        }

        Assert.Equal(3 * one, cache.Bytes);
        Assert.Equal(5, data.Loads);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 1)]
    public void DataLoader_OptionOutOfRange_Throws(int batch, int prefetch, int rank)
    {
        Assert.Throws<InputException>(() => new DataLoader(new MemoryDataSet(1), s_transform, new LoaderOptions { Batch = batch, Prefetch = prefetch, Rank = rank }));
        Assert.Throws<InputException>(() => new DataLoader(new MemoryDataSet(0), s_transform, new LoaderOptions()));
    }

    private static List<Batch> Collect(MemoryDataSet data, LoaderOptions options, int count)
    {
        using DataLoader loader = new(data, s_transform, options);
        List<Batch> batches = [];
        for (int i = 0; i < count; i++)
        {
            batches.Add(loader.Next());
        }

        return batches;
    }

    private static void AssertSame(List<Batch> expected, List<Batch> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((Batch a, Batch b) in expected.Zip(actual))
        {
            Assert.Equal(a.Iteration, b.Iteration);
            Assert.Equal(a.Indices, b.Indices);
            Assert.Equal(a.Positions, b.Positions);
            Assert.Equal(a.Images, b.Images);
            Assert.Equal(a.Labels, b.Labels);
        }
    }
}
