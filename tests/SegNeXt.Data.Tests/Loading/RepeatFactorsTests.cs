using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class RepeatFactorsTests
{
    [Fact]
    public void Of_RareClass_RepeatsItsImagesByTheSquareRoot()
    {
        using TemporaryFolder folder = new();
        ClassPresence presence = ClassPresence.Count(Write(folder, [[0], [0, 1], [0], [0, 2], [0, 1], [0, 1], [0, 1], [0, 255]]));
        Assert.Equal([1, 0.5, 0.125, 0], Enumerable.Range(0, 4).Select(presence.Share));
        double rare = Math.Sqrt(0.6 / 0.125), less = Math.Sqrt(0.6 / 0.5);
        Assert.Equal([1, less, 1, rare, less, less, less, 1], RepeatFactors.Of(presence, 0.6));
        Assert.All(RepeatFactors.Of(presence, 0.1), factor => Assert.Equal(1, factor));
    }

    [Fact]
    public void Order_FactorsOfOne_IsTheUniformOrder()
    {
        EpochOrder uniform = new(7, 3, true);
        EpochOrder balanced = new(7, 3, true, [1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal(Places(0, 30).Select(uniform.IndexAt), Places(0, 30).Select(balanced.IndexAt));
    }

    [Fact]
    public void Order_Factors_HoldOnAverageAndEverySampleComesInEveryEpoch()
    {
        double[] factors = [1, 2.5, 1, 4, 1.25];
        const int Epochs = 400;
        EpochOrder order = new(5, 11, true, factors);
        var counts = new int[5];
        HashSet<int> missing = [0, 1, 2, 3, 4];
        int epochs = 0;
        foreach (long place in Places(0, (int)(Epochs * factors.Sum())))
        {
            int index = order.IndexAt(place);
            counts[index]++;
            missing.Remove(index);
            epochs += missing.Count == 0 ? 1 : 0;
            missing = missing.Count == 0 ? [0, 1, 2, 3, 4] : missing;
        }

        Assert.True(epochs >= Epochs, $"all samples came {epochs} times");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(factors[i], (double)counts[i] / Epochs, 0.15);
        }
    }

    [Fact]
    public void Order_AnyPlaceFirst_GivesTheSameSequence()
    {
        double[] factors = [1, 2.5, 1, 4, 1.25];
        EpochOrder whole = new(5, 11, true, factors);
        int[] expected = [.. Places(0, 200).Select(whole.IndexAt)];
        foreach (int start in new[] { 1, 9, 10, 11, 57, 199 })
        {
            EpochOrder resumed = new(5, 11, true, factors);
            Assert.Equal(expected[start..], Places(start, 200 - start).Select(resumed.IndexAt));
        }

        EpochOrder other = new(5, 12, true, factors);
        Assert.NotEqual(expected, Places(0, 200).Select(other.IndexAt));
    }

    [Fact]
    public void Loader_TwoProcesses_ShareOneBalancedSequence()
    {
        using TemporaryFolder folder = new();
        ISegmentationDataSet data = Write(folder, [[0], [0, 1], [0], [0, 2], [0], [0]]);
        double[] factors = RepeatFactors.Of(ClassPresence.Count(data), 1);
        int[] whole = Indices(data, new LoaderOptions { Batch = 4, RepeatFactors = factors }, 6);
        int[] first = Indices(data, new LoaderOptions { Batch = 2, WorldSize = 2, Rank = 0, RepeatFactors = factors }, 6);
        int[] second = Indices(data, new LoaderOptions { Batch = 2, WorldSize = 2, Rank = 1, RepeatFactors = factors }, 6);
        Assert.Equal(whole, first.Chunk(2).Zip(second.Chunk(2), (a, b) => a.Concat(b)).SelectMany(both => both));
        Assert.True(whole.Count(index => index == 3) > 24 / 6, "the image with the rare class comes no more often than the others");
    }

    [Fact]
    public void Loader_FactorsOfAnotherDataSet_AreRefused()
    {
        using TemporaryFolder folder = new();
        ISegmentationDataSet data = Write(folder, [[0], [0]]);
        Assert.Throws<ArgumentException>(() => Indices(data, new LoaderOptions { RepeatFactors = [1] }, 1));
        Assert.Throws<ArgumentException>(() => Indices(data, new LoaderOptions { RepeatFactors = [1, 0.5] }, 1));
    }

    private static IEnumerable<long> Places(int start, int count) => Enumerable.Range(start, count).Select(place => (long)place);

    private static int[] Indices(ISegmentationDataSet data, LoaderOptions options, int batches)
    {
        TrainTransform transform = new(new AugmentationOptions { CropHeight = 8, CropWidth = 8 });
        using DataLoader loader = new(data, transform, options);
        List<int> indices = [];
        for (int i = 0; i < batches; i++)
        {
            Batch batch = loader.Next();
            indices.AddRange(batch.Indices);
            loader.Return(batch);
        }

        return [.. indices];
    }

    /// <summary>A data set with an image for each list of ids, four classes in all.</summary>
    private static FolderDataSet Write(TemporaryFolder folder, byte[][] images)
    {
        File.WriteAllText(folder.File("classes.txt"), "a\nb\nc\nd\n");
        string pictures = Directory.CreateDirectory(folder.File("images", "train")).FullName;
        string labels = Directory.CreateDirectory(folder.File("labels", "train")).FullName;
        for (int i = 0; i < images.Length; i++)
        {
            LabelMap label = new(16, 16);
            for (int p = 0; p < label.Ids.Length; p++)
            {
                label.Ids[p] = images[i][p % images[i].Length];
            }

            PngWriter.WriteRgb(Path.Combine(pictures, $"{i}.png"), new RgbImage(16, 16));
            PngWriter.WriteLabel(Path.Combine(labels, $"{i}.png"), label);
        }

        return FolderDataSet.Open(folder.Path, "train");
    }
}
