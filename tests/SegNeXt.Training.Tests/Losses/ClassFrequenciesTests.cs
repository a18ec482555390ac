using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class ClassFrequenciesTests
{
    // Classes 0, 1 in the first label, 1, 2 in the second; 3 nowhere; 255 once each.
    private static readonly byte[][] s_labels = [[0, 0, 0, 0, 0, 0, 1, 1, 255], [1, 1, 1, 1, 2, 2, 2, 2, 255]];

    [Fact]
    public void Count_Labels_CountsPixelsAndThoseOfTheirImages()
    {
        ClassFrequencies frequencies = ClassFrequencies.Count(new Labels(s_labels, 4));

        Assert.Equal([6, 6, 4, 0], frequencies.Pixels);

        // Shares within the images that have the class: 6/8, 6/16, 4/8; the median is 1/2.
        double[] weights = [0.5 / 0.75, 0.5 / 0.375, 1, 1];
        Assert.Equal(weights, frequencies.MedianFrequencyWeights());
        Assert.Equal([16.0 / 18, 16.0 / 18, 16.0 / 12, 1], frequencies.InverseFrequencyWeights());
    }

    [Fact]
    public void MedianFrequency_EvenNumberOfClasses_TakesTheMiddleOfTwo()
    {
        ClassFrequencies frequencies = new([1, 3, 4, 12], [20, 20, 20, 20]);

        double median = 3.5 / 20;
        Assert.Equal([median / 0.05, median / 0.15, median / 0.2, median / 0.6], frequencies.MedianFrequencyWeights());
    }

    [Fact]
    public void InverseFrequency_AnyCounts_GivesAPixelTheWeightOneOnAverage()
    {
        ClassFrequencies frequencies = new([5, 900, 0, 41], [0, 0, 0, 0]);
        IReadOnlyList<double> weights = frequencies.InverseFrequencyWeights();

        Assert.Equal(1, frequencies.Pixels.Zip(weights, (n, w) => n * w).Sum() / frequencies.Pixels.Sum(), 1e-12);
        Assert.Equal(5 * weights[0], 900 * weights[1], 1e-9);
    }

    [Fact]
    public void Weights_EachRule_GivesThoseOrSaysWhyNot()
    {
        Labels data = new(s_labels, 4);
        Assert.Null(ClassFrequencies.Weights(ClassWeighting.None, data));
        Assert.Equal([1, 2, 3, 4], ClassFrequencies.Weights(ClassWeighting.Of([1, 2, 3, 4]), data)!);
        Assert.Equal(ClassFrequencies.Count(data).MedianFrequencyWeights(), ClassFrequencies.Weights(ClassWeighting.MedianFrequency, data));
        Assert.Equal(ClassFrequencies.Count(data).InverseFrequencyWeights(), ClassFrequencies.Weights(ClassWeighting.InverseFrequency, data));

        Assert.Equal(
            "train.class_weights lists 2 numbers, but the data set has 4 classes (class 0, class 1, class 2, class 3).",
            Assert.Throws<InputException>(() => ClassFrequencies.Weights(ClassWeighting.Of([1, 2]), data)).Message);
        Assert.Equal(
            "train.class_weights median_frequency cannot be computed: no pixel of the training labels has a class.",
            Assert.Throws<InputException>(() => ClassFrequencies.Weights(ClassWeighting.MedianFrequency, new Labels([[255]], 4))).Message);
    }

    [Fact]
    public void Count_UnreadableLabel_IsNamed() =>
        Assert.Equal("1 is broken", Assert.Throws<InputException>(() => ClassFrequencies.Count(new Labels([[0], null!], 2))).Message);

    [SkippableFact]
    public void MedianFrequency_CamVid_IsThatOfItsKnownFrequencies()
    {
        // Each class's share of the labelled pixels of the images that have it, in numpy.
        double[] expected = [0.2794, 0.2018, 4.7889, 0.1491, 1.0, 0.4235, 3.8464, 1.9798, 0.789, 6.3847, 8.8193];
        string root = TestPaths.RequireShared("data", "camvid");

        IReadOnlyList<double> weights = ClassFrequencies.Count(DataSets.Open("camvid", root, "train")).MedianFrequencyWeights();

        Assert.Equal(expected, weights.Select(weight => Math.Round(weight, 4)));
    }

    private sealed class Labels(byte[][] labels, int classes) : ISegmentationDataSet
    {
        public ClassSet Classes { get; } = ClassSet.Default(classes);

        public int Count => labels.Length;

        public string Name(int index) => $"{index}";

        public (string Image, string Label) Paths(int index) => ($"{index}.jpg", $"{index}.png");

        public Sample Load(int index) => throw new InvalidOperationException("The pictures are not needed.");

        public LabelMap LoadLabel(int index) => labels[index] is { } ids ? new LabelMap(ids.Length, 1, ids) : throw new InputException($"{index} is broken");
    }
}
