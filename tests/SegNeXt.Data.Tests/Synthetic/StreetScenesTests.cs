using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public class StreetScenesTests
{
    private static readonly Lazy<Sample[]> s_scenes = new(() => [.. Enumerable.Range(0, 24).AsParallel().AsOrdered().Select(i => StreetScenes.Render(i, 160, 120))]);

    [Fact]
    public void Render_SameSeed_GivesTheSamePicture()
    {
        Sample again = StreetScenes.Render(3, 160, 120);
        Assert.Equal(s_scenes.Value[3].Image.Pixels, again.Image.Pixels);
        Assert.Equal(s_scenes.Value[3].Label.Ids, again.Label.Ids);
        Assert.NotEqual(s_scenes.Value[4].Image.Pixels, again.Image.Pixels);
    }

    [Fact]
    public void Render_ManySeeds_EveryClassHasItsShare()
    {
        long[] counts = new long[256];
        foreach (byte id in s_scenes.Value.SelectMany(scene => scene.Label.Ids))
        {
            counts[id]++;
        }

        double all = counts.Sum();
        double[] least = [0.05, 0.10, 0.20, 0.04, 0.05, 0.03, 0.012, 0.012, 0.008];
        for (int k = 0; k < StreetScenes.Classes.Count; k++)
        {
            Assert.True(counts[k] / all >= least[k], $"{StreetScenes.Classes.Names[k]}: {counts[k] / all:P2}");
        }

        Assert.InRange(counts[LabelMap.Ignore] / all, 0.0005, 0.03);
        Assert.Equal(all, counts[..StreetScenes.Classes.Count].Sum() + counts[LabelMap.Ignore]);
    }

    [Fact]
    public void Render_ManySeeds_LightVaries()
    {
        double[] means = [.. s_scenes.Value.Select(scene => scene.Image.Pixels.Average(v => (double)v))];
        Assert.All(means, mean => Assert.InRange(mean, 50, 190));
        Assert.True(means.Max() - means.Min() > 15, $"{means.Min():F0} to {means.Max():F0}");

        // The sky of a bright day is blue, at dusk red is stronger.
        double[] warmth = [.. s_scenes.Value.Select(Warmth)];
        Assert.Contains(warmth, w => w < 0.9);
        Assert.Contains(warmth, w => w > 1.0);
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(33, 97)]
    [InlineData(320, 64)]
    public void Render_AnySize_HasThatSize(int width, int height)
    {
        Sample sample = StreetScenes.Render(1, width, height);
        Assert.Equal((width, height), (sample.Image.Width, sample.Image.Height));
        Assert.Equal((width, height), (sample.Label.Width, sample.Label.Height));
        Assert.Throws<ArgumentOutOfRangeException>(() => StreetScenes.Render(1, 31, height));
    }

    [Fact]
    public void WriteDataSet_Folder_OpensAsADataSetWithItsClasses()
    {
        using TemporaryFolder folder = new();
        int reported = 0;
        StreetScenes.WriteDataSet(folder.File("set"), 3, 2, 64, 48, seed: 7, new SynchronousProgress(_ => Interlocked.Increment(ref reported)));
        Assert.Equal(5, reported);

        ISegmentationDataSet train = DataSets.Open(folder.File("set"), "train");
        ISegmentationDataSet val = DataSets.Open(folder.File("set"), "val");
        Assert.Equal((3, 2), (train.Count, val.Count));
        Assert.Equal(StreetScenes.Classes.Names, train.Classes.Names);
        Assert.Equal(StreetScenes.Classes.Palette, train.Classes.Palette);
        Assert.Empty(DataSetCheck.Quick(train, labelValues: true));
        Assert.Equal(64, val.Load(1).Image.Width);
        Assert.NotEqual(train.Load(0).Label.Ids, val.Load(0).Label.Ids);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, ".*", SearchOption.AllDirectories));
    }

    [Fact]
    public void WriteDataSet_SmallerOneOverALargerOne_LeavesNoOldPictures()
    {
        using TemporaryFolder folder = new();
        StreetScenes.WriteDataSet(folder.Path, 4, 1, 32, 32, seed: 1);
        StreetScenes.WriteDataSet(folder.Path, 2, 1, 32, 32, seed: 1);
        Assert.Equal(2, FolderDataSet.Open(folder.Path, "train").Count);
    }

    [Fact]
    public void WriteDataSet_FolderIsAFile_SaysSo()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("set"), "");
        InputException error = Assert.Throws<InputException>(() => StreetScenes.WriteDataSet(folder.File("set"), 1, 1, 32, 32, seed: 1));
        Assert.StartsWith(folder.File("set"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteDataSet_Cancelled_LeavesNoListOfClasses()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource source = new();
        Assert.ThrowsAny<OperationCanceledException>(() => StreetScenes.WriteDataSet(
            folder.Path, 200, 1, 32, 32, seed: 1, new SynchronousProgress(_ => source.Cancel()), source.Token));
        Assert.False(File.Exists(folder.File("classes.txt")));
    }

    private static double Warmth(Sample sample)
    {
        double red = 1;
        double blue = 1;
        for (int i = 0; i < sample.Label.Ids.Length; i++)
        {
            if (sample.Label.Ids[i] == 0)
            {
                red += sample.Image.Pixels[3 * i];
                blue += sample.Image.Pixels[(3 * i) + 2];
            }
        }

        return red / blue;
    }

    private sealed class SynchronousProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
