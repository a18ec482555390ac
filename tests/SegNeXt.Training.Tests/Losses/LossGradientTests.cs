using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Gradients against differences, and the cases in which there is nothing to learn from.</summary>
public sealed class LossGradientTests : IDisposable
{
    private readonly TensorScope _scope = new();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, All(null).Count)];

    public void Dispose() => _scope.Dispose();

    /// <summary>Every loss, with each of its options at some place.</summary>
    internal static IReadOnlyList<ISegmentationLoss> All(double[]? weights) =>
    [
        new CrossEntropyLoss(),
        new CrossEntropyLoss(LossAverage.Valid, weights),
        new OhemLoss(0.4, 3),
        new OhemLoss(null, 6, LossAverage.Kept, weights),
        new FocalLoss(),
        new FocalLoss(0.5, 0.25, LossAverage.Valid, weights),
        new FocalLoss(0),
        new DiceLoss(),
        new DiceLoss(0, 1, weights),
        new LovaszLoss(),
        new LovaszLoss(LovaszClasses.All, perImage: true, weights),
        new WeightedLosses([(1, new CrossEntropyLoss()), (0.5, new DiceLoss()), (2, new LovaszLoss())]),
    ];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Gradient_RandomProblem_MatchesDifferences(int number)
    {
        LossProblem problem = new(20 + number, 2, 4, 5, 6);
        ISegmentationLoss loss = All(problem.Weights)[number];
        using Generator generator = new(4);
        Tensor logits = Tensor.Normal([2, 4, 3, 4], 0, 2, generator, ScalarType.Float64).RequiresGrad_();
        Tensor labels = problem.Labels;

        (loss.Forward(logits, labels) * 3).Backward();

        double[] found = logits.Grad!.ToArray<double>();
        Assert.Contains(found, value => value != 0);
        using GradMode noGrad = Autograd.NoGrad();
        const double Step = 1e-6;
        for (int i = 0; i < found.Length; i++)
        {
            double numeric = 3 * (At(i, Step) - At(i, -Step)) / (2 * Step);
            Assert.True(Math.Abs(numeric - found[i]) <= 1e-7 * Math.Max(1, Math.Abs(numeric)), $"element {i}: {found[i]}, differences give {numeric}");
        }

        double At(int i, double step)
        {
            using TensorScope scope = new();
            Span<double> data = logits.Data<double>();
            double before = data[i];
            data[i] = before + step;
            double value = loss.Forward(logits, labels).Item();
            data[i] = before;
            return value;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Forward_NothingLabelled_IsZeroWithGradientZero(int number)
    {
        LossProblem problem = new(1, 2, 3, 4, 4, ignored: 1);
        Tensor logits = problem.Logits.To(ScalarType.Float32).RequiresGrad_();

        Tensor loss = All(problem.Weights)[number].Forward(logits, problem.Labels);
        loss.Backward();

        Assert.Equal(0, loss.Item());
        Assert.All(logits.Grad!.ToArray<float>(), value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Gradient_IgnoredPixels_GetNone(int number)
    {
        LossProblem problem = new(2, 2, 3, 4, 4, ignored: 0.4);
        Tensor logits = problem.Logits.RequiresGrad_();

        All(problem.Weights)[number].Forward(logits, problem.Labels).Backward();

        double[] gradient = logits.Grad!.ToArray<double>();
        for (int n = 0; n < 2; n++)
        {
            for (int p = 0; p < 16; p++)
            {
                if (problem.Y[n][p] == 255)
                {
                    Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(0, gradient[(((n * 3) + c) * 16) + p], 1e-15));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Forward_SureLogits_StayFinite(int number)
    {
        LossProblem problem = new(3, 2, 3, 4, 4, ignored: 0);
        problem.MakePerfect(200);
        Tensor right = problem.Logits.To(ScalarType.Float32).RequiresGrad_();
        Tensor wrong = right.Detach().Flip(1).RequiresGrad_();
        foreach (Tensor logits in new[] { right, wrong })
        {
            Tensor loss = All(problem.Weights)[number].Forward(logits, problem.Labels);
            loss.Backward();
            Assert.True(double.IsFinite(loss.Item()) && logits.Grad!.AllFinite(), $"{loss.Item()}");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Forward_LogitsThatAreNoNumbers_AreNotHidden(int number)
    {
        LossProblem problem = new(3, 2, 3, 4, 4, ignored: 0.2);
        Tensor logits = problem.Logits;
        logits.Fill_(double.NaN);

        Assert.True(double.IsNaN(All(problem.Weights)[number].Forward(logits, problem.Labels).Item()));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Forward_ChannelsLastAndSinglePrecision_AgreeWithDouble(int number)
    {
        LossProblem problem = new(5, 2, 6, 8, 9);
        ISegmentationLoss loss = All(problem.Weights)[number];
        using Generator generator = new(4);
        Tensor exact = Tensor.Normal([2, 6, 4, 5], 0, 2, generator, ScalarType.Float64).RequiresGrad_();
        Tensor single = exact.Detach().To(ScalarType.Float32).To(MemoryFormat.ChannelsLast).RequiresGrad_();

        Tensor expected = loss.Forward(exact, problem.Labels), found = loss.Forward(single, problem.Labels);
        expected.Backward();
        found.Backward();

        Assert.Equal(ScalarType.Float32, found.Type);
        Assert.Equal(expected.Item(), found.Item(), 1e-5);
        Assert.True((exact.Grad! - single.Grad!.To(ScalarType.Float64)).Abs().Max().Item() < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Forward_HalfPrecision_IsComputedInSingle(int number)
    {
        LossProblem problem = new(5, 2, 6, 8, 9);
        ISegmentationLoss loss = All(problem.Weights)[number];
        Tensor half = problem.Logits.To(ScalarType.BFloat16).RequiresGrad_();

        Tensor found = loss.Forward(half, problem.Labels);
        found.Backward();

        Assert.Equal(loss.Forward(half.Detach().To(ScalarType.Float32), problem.Labels).Item(), found.Item(), 1e-7);
        Assert.Equal(ScalarType.BFloat16, half.Grad!.Type);
    }

    [SkippableTheory]
    [MemberData(nameof(Numbers))]
    public void Forward_Gpu_AgreesWithTheProcessor(int number)
    {
        Skip.IfNot(TorchRuntime.CudaAvailable, "skipped: no GPU");
        LossProblem problem = new(5, 2, 6, 8, 9);
        ISegmentationLoss loss = All(problem.Weights)[number];
        Tensor here = problem.Logits.RequiresGrad_();
        Tensor there = problem.Logits.To(new Device(DeviceType.Cuda, 0)).RequiresGrad_();

        Tensor expected = loss.Forward(here, problem.Labels), found = loss.Forward(there, problem.Labels.To(there.Device));
        expected.Backward();
        found.Backward();

        Assert.Equal(expected.Item(), found.Item(), 1e-10);
        Assert.True((here.Grad! - there.Grad!.To(Device.Cpu)).Abs().Max().Item() < 1e-10);
    }
}
