using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public class FastDecodeTests
{
    private const int Count = 4;

    [Theory]
    [InlineData(100, 80, 100, 80, 1)]
    [InlineData(100, 80, 51, 41, 1)]
    [InlineData(100, 80, 50, 40, 2)]
    [InlineData(100, 80, 25, 21, 2)]
    [InlineData(100, 80, 25, 20, 4)]
    [InlineData(1600, 1200, 20, 15, 8)]
    public void Reduction_Sizes_NeverEnlargesAfterwards(int width, int height, int newWidth, int newHeight, int reduction) =>
        Assert.Equal(reduction, new AugmentationDraw(newWidth, newHeight, default, false, null).Reduction(new LabelMap(width, height)));

    [Fact]
    public void Next_FastDecode_HasTheSameLabelsAndNearlyTheSamePictures()
    {
        using TemporaryFolder folder = new();
        StreetScenes.WriteDataSet(folder.Path, Count, 0, 320, 240, seed: 3);
        FolderDataSet data = FolderDataSet.Open(folder.Path, "train");
        Batch exact = Take(data, fast: false, 0.2, 0.45);
        Batch fast = Take(data, fast: true, 0.2, 0.45);
        Assert.Equal(exact.Labels, fast.Labels);
        Assert.NotEqual(exact.Images, fast.Images);

        // One grey level of 255 is 0.0175 of a normalised picture: some eight levels in the mean, on edges mostly.
        double difference = exact.Images.Zip(fast.Images, (a, b) => Math.Abs(a - b)).Average();
        Assert.InRange(difference, 0, 0.15);
    }

    [Fact]
    public void Next_FastDecodeOfWhatIsNotShrunkFar_IsExact()
    {
        using TemporaryFolder folder = new();
        StreetScenes.WriteDataSet(folder.Path, Count, 0, 160, 120, seed: 3);
        FolderDataSet data = FolderDataSet.Open(folder.Path, "train");
        Assert.Equal(Take(data, fast: false, 0.51, 2).Images, Take(data, fast: true, 0.51, 2).Images);
    }

    [Fact]
    public void Next_FastDecodeOfPng_IsExact()
    {
        using TemporaryFolder folder = new();
        WritePngs(folder.Path, 64, 48);
        FolderDataSet data = FolderDataSet.Open(folder.Path, "train");
        Assert.Equal(Take(data, fast: false, 0.2, 0.45).Images, Take(data, fast: true, 0.2, 0.45).Images);
    }

    [Fact]
    public void Next_FastDecodeOfAnotherSizeThanTheLabel_NamesTheFiles()
    {
        using TemporaryFolder folder = new();
        WritePngs(folder.Path, 64, 48);
        PngWriter.WriteLabel(folder.File("labels", "train", "1.png"), new LabelMap(60, 48));
        FolderDataSet data = FolderDataSet.Open(folder.Path, "train");
        Assert.Contains("1.png", Assert.Throws<InputException>(() => Take(data, fast: true, 0.2, 0.45)).Message, StringComparison.Ordinal);
    }

    private static void WritePngs(string folder, int width, int height)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images", "train"));
        Directory.CreateDirectory(Path.Combine(folder, "labels", "train"));
        for (int i = 0; i < Count; i++)
        {
            Sample sample = TestSamples.Random(width, height, (ulong)i);
            PngWriter.WriteRgb(Path.Combine(folder, "images", "train", $"{i}.png"), sample.Image);
            PngWriter.WriteLabel(Path.Combine(folder, "labels", "train", $"{i}.png"), sample.Label);
        }
    }

    private static Batch Take(FolderDataSet data, bool fast, double least, double most)
    {
        AugmentationOptions options = new() { ResizeBaseWidth = 0, ResizeBaseHeight = 0, RatioMin = least, RatioMax = most, CropHeight = 64, CropWidth = 64 };
        using DataLoader loader = new(data, new TrainTransform(options), new LoaderOptions { Batch = Count, Workers = 1, Seed = 5, FastDecode = fast });
        return loader.Next();
    }
}
