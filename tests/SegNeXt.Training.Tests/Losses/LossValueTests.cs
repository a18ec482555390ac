using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Values against loops written from the published definitions.</summary>
public sealed class LossValueTests : IDisposable
{
    private const double Close = 1e-11;

    private readonly TensorScope _scope = new();

    /// <summary>Seeds with shapes: images, classes, rows, columns; the last two have absent classes and much that is ignored.</summary>
    public static TheoryData<int, int, int, int, int, double> Shapes => new()
    {
        { 1, 1, 2, 1, 1, 0.0 },
        { 2, 1, 3, 4, 5, 0.2 },
        { 3, 3, 5, 3, 7, 0.15 },
        { 4, 2, 11, 6, 4, 0.0 },
        { 5, 2, 9, 2, 2, 0.5 },
        { 6, 4, 4, 3, 3, 0.8 },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void CrossEntropy_RandomProblem_IsTheMeanByDefinition(int seed, int images, int classes, int height, int width, double ignored)
    {
        LossProblem problem = new(seed, images, classes, height, width, ignored);
        foreach (LossAverage average in Enum.GetValues<LossAverage>())
        {
            Agree(LossReference.CrossEntropy(problem.Z, problem.Y, average), new CrossEntropyLoss(average), problem);
            Agree(LossReference.CrossEntropy(problem.Z, problem.Y, average, problem.Weights), new CrossEntropyLoss(average, problem.Weights), problem);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Focal_RandomProblem_IsEquation5OverTheSoftmax(int seed, int images, int classes, int height, int width, double ignored)
    {
        LossProblem problem = new(seed, images, classes, height, width, ignored);
        foreach ((double gamma, double alpha) in new[] { (0, 1), (2, 1), (0.5, 0.25), (5, 3.0) })
        {
            Agree(LossReference.Focal(problem.Z, problem.Y, gamma, alpha, LossAverage.All), new FocalLoss(gamma, alpha), problem);
            Agree(LossReference.Focal(problem.Z, problem.Y, gamma, alpha, LossAverage.Valid, problem.Weights), new FocalLoss(gamma, alpha, LossAverage.Valid, problem.Weights), problem);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Ohem_RandomProblem_KeepsTheHardPixels(int seed, int images, int classes, int height, int width, double ignored)
    {
        LossProblem problem = new(seed, images, classes, height, width, ignored);
        foreach ((double threshold, int minKept) in new[] { (0.7, 1), (0.2, 3), (0.0, 5), (0.01, 2), (0.5, 1000) })
        {
            foreach (LossAverage average in Enum.GetValues<LossAverage>())
            {
                Agree(LossReference.Ohem(problem.Z, problem.Y, threshold, minKept, average), new OhemLoss(threshold, minKept, average), problem);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Dice_RandomProblem_IsVNetsCoefficient(int seed, int images, int classes, int height, int width, double ignored)
    {
        LossProblem problem = new(seed, images, classes, height, width, ignored);
        foreach ((double smooth, double exponent) in new[] { (1, 2), (0.5, 1), (1e-5, 2.0) })
        {
            Agree(LossReference.Dice(problem.Z, problem.Y, smooth, exponent), new DiceLoss(smooth, exponent), problem);
            Agree(LossReference.Dice(problem.Z, problem.Y, smooth, exponent, problem.Weights), new DiceLoss(smooth, exponent, problem.Weights), problem);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Lovasz_RandomProblem_IsTheExtensionBySets(int seed, int images, int classes, int height, int width, double ignored)
    {
        LossProblem problem = new(seed, images, classes, height, width, ignored);
        foreach (LovaszClasses which in Enum.GetValues<LovaszClasses>())
        {
            foreach (bool perImage in new[] { false, true })
            {
                Agree(LossReference.Lovasz(problem.Z, problem.Y, which, perImage), new LovaszLoss(which, perImage), problem);
                Agree(LossReference.Lovasz(problem.Z, problem.Y, which, perImage, problem.Weights), new LovaszLoss(which, perImage, problem.Weights), problem);
            }
        }
    }

    [Fact]
    public void Ohem_NoThreshold_KeepsThePixelsOfLargestWeightedLoss()
    {
        // Losses ln(1 + e^-d) for d = 0, 1, 2, 3 (right by d), of which two may stay.
        Tensor logits = Tensor.FromArray<double>([0, 1, 2, 3, 0, 0, 0, 0], [1, 2, 1, 4]);
        Tensor labels = Tensor.Zeros([1, 1, 4], ScalarType.Int64);
        double[] losses = [.. Enumerable.Range(0, 4).Select(d => Math.Log(1 + Math.Exp(-d)))];

        Assert.Equal((losses[0] + losses[1]) / 4, new OhemLoss(null, 2).Forward(logits, labels).Item(), Close);

        // With weight 100 on class 1 the pixel that bears it is among them, easy as it is.
        labels.Select(2, 3).Fill_(1);
        Tensor turned = logits.Clone();
        turned.Narrow(3, 3, 1).CopyFrom_(Tensor.FromArray<double>([0, 4], [1, 2, 1, 1]));
        double weighted = 100 * Math.Log(1 + Math.Exp(-4));
        Assert.Equal((weighted + losses[0]) / 2, new OhemLoss(null, 2, LossAverage.Kept, [1, 100]).Forward(turned, labels).Item(), Close);
    }

    [Fact]
    public void Values_TwoPixelsByHand_AreThese()
    {
        // Probabilities (3/4, 1/4) and (1/2, 1/2); labels 0 and 1.
        Tensor logits = Tensor.FromArray<double>([Math.Log(3), 0, 0, 0], [1, 2, 1, 2]);
        Tensor labels = Tensor.FromArray<long>([0, 1], [1, 1, 2]);
        double Value(ISegmentationLoss loss) => loss.Forward(logits, labels).Item();

        Assert.Equal((Math.Log(4.0 / 3) + Math.Log(2)) / 2, Value(new CrossEntropyLoss()), Close);
        Assert.Equal(((2 * Math.Log(4.0 / 3)) + (3 * Math.Log(2))) / 2, Value(new CrossEntropyLoss(LossAverage.All, [2, 3])), Close);
        Assert.Equal(((Math.Log(4.0 / 3) / 16) + (Math.Log(2) / 4)) / 2, Value(new FocalLoss(2)), Close);
        Assert.Equal(Math.Log(2) / 2, Value(new OhemLoss(0.7, 1)), Close);
        Assert.Equal(Math.Log(2), Value(new OhemLoss(0.7, 1, LossAverage.Kept)), Close);

        // Class 0: 1 − (3/2 + 1)/(9/16 + 1/4 + 1 + 1); class 1: 1 − (1 + 1)/(1/16 + 1/4 + 1 + 1).
        Assert.Equal((1 - (2.5 / 2.8125) + 1 - (2 / 2.3125)) / 2, Value(new DiceLoss()), Close);

        // Class 0: errors 1/2 on the wrong pixel (IoU loss of it alone 1/2), 1/4 on the right one (then 1): 1/4 + 1/8.
        // Class 1: errors 1/2 on its pixel (1 at once), 1/4 on the other (nothing more): 1/2.
        Assert.Equal((0.375 + 0.5) / 2, Value(new LovaszLoss()), Close);
    }

    [Fact]
    public void Resize_LogitsAtAnotherSize_AreResizedFirst()
    {
        using Generator generator = new(3);
        Tensor small = Tensor.Normal([2, 5, 3, 4], 0, 2, generator, ScalarType.Float64);
        LossProblem problem = new(8, 2, 5, 7, 9);
        Tensor large = Functional.Interpolate(small, (7, 9));

        foreach (ISegmentationLoss loss in LossGradientTests.All(problem.Weights))
        {
            Assert.Equal(loss.Forward(large, problem.Labels).Item(), loss.Forward(small, problem.Labels).Item(), Close);
        }
    }

    [Fact]
    public void WeightedLosses_Sum_IsTheSumOfTheWeightedValues()
    {
        LossProblem problem = new(9, 2, 3, 4, 5);
        Tensor logits = problem.Logits, labels = problem.Labels;
        LossSettings settings = new() { Formula = LossFormula.Parse("cross_entropy + 0.5*dice + 2*lovasz") };

        double expected = new CrossEntropyLoss().Forward(logits, labels).Item()
            + (0.5 * new DiceLoss().Forward(logits, labels).Item())
            + (2 * new LovaszLoss().Forward(logits, labels).Item());

        Assert.Equal(expected, SegmentationLoss.Create(settings, null).Forward(logits, labels).Item(), Close);
    }

    private static void Agree(double expected, ISegmentationLoss loss, LossProblem problem)
    {
        using TensorScope scope = new();
        Assert.Equal(expected, loss.Forward(problem.Logits, problem.Labels).Item(), Close);
    }
}
