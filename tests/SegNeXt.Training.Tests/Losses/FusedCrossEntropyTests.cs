using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>The fused cross entropy against libtorch's in double precision.</summary>
public sealed class FusedCrossEntropyTests
{
    /// <summary>Of the value, and of the gradient's largest number: sums over as many pixels in single precision.</summary>
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1, 2, 3, 1, 1, 8, 8)]
    [InlineData(2, 1, 11, 5, 7, 40, 56)]
    [InlineData(3, 3, 19, 4, 6, 33, 41)]
    [InlineData(4, 2, 150, 9, 8, 65, 64)]
    [InlineData(5, 1, 16, 12, 10, 5, 3)]
    [InlineData(6, 2, 33, 6, 1, 48, 1)]
    public void Loss_AnySizes_IsLibtorchs(int seed, int images, int classes, int height, int width, int labelHeight, int labelWidth)
    {
        using TensorScope scope = new();
        LossProblem problem = new(seed, images, classes, height, width);
        Tensor labels = new LossProblem(seed + 100, images, classes, labelHeight, labelWidth).Labels;
        foreach (LossAverage average in new[] { LossAverage.All, LossAverage.Valid })
        {
            foreach (double[]? weights in new[] { null, problem.Weights })
            {
                (double expected, double[] gradient) = Run(new CrossEntropyLoss(average, weights), problem.Logits, labels);
                CrossEntropyLoss fused = new(average, weights, KernelChoice.Fused);
                foreach (Tensor logits in new[] { problem.Logits.To(ScalarType.Float32), problem.Logits.To(ScalarType.Float32).To(MemoryFormat.ChannelsLast) })
                {
                    (double value, double[] found) = Run(fused, logits, labels);
                    Assert.Equal(expected, value, Tolerance * Math.Abs(expected));
                    double limit = Tolerance * gradient.Max(Math.Abs);
                    Assert.True(gradient.Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)) <= limit, "a gradient differs");
                }
            }
        }
    }

    [Fact]
    public void Loss_OtherThreads_HasTheSameBits()
    {
        using TensorScope scope = new();
        Tensor logits = new LossProblem(1, 3, 11, 9, 7).Logits.To(ScalarType.Float32);
        Tensor labels = new LossProblem(2, 3, 11, 70, 50).Labels;
        int threads = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 1;
            (double one, double[] gradient) = Run(new CrossEntropyLoss(kernels: KernelChoice.Fused), logits, labels);
            TorchRuntime.Threads = 5;
            (double five, double[] other) = Run(new CrossEntropyLoss(kernels: KernelChoice.Fused), logits, labels);
            Assert.Equal(one, five);
            Assert.Equal(gradient, other);
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Loss_LogitsThatAreNoNumbers_AreNotHidden(float bad)
    {
        using TensorScope scope = new();
        float[] values = new float[3 * 4 * 4];
        values[17] = bad;
        (double value, _) = Run(new CrossEntropyLoss(kernels: KernelChoice.Fused), Tensor.FromArray<float>(values, [1, 3, 4, 4]), Tensor.Zeros([1, 8, 8], ScalarType.Int64));
        Assert.False(double.IsFinite(value));
    }

    [Fact]
    public void Loss_SureLogits_StayFinite()
    {
        using TensorScope scope = new();
        LossProblem problem = new(3, 1, 5, 6, 6);
        problem.MakePerfect();
        (double value, double[] gradient) = Run(new CrossEntropyLoss(kernels: KernelChoice.Fused), problem.Logits.To(ScalarType.Float32), problem.Labels);
        Assert.Equal(0, value, 1e-6);
        Assert.All(gradient, g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void Loss_LabelThatIsNoClass_IsRefused()
    {
        using TensorScope scope = new();
        Tensor labels = Tensor.Full([1, 8, 8], 3, ScalarType.Int64);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(new CrossEntropyLoss(kernels: KernelChoice.Fused), Tensor.Zeros([1, 3, 4, 4]), labels));
        Assert.Contains("3 classes", error.Message, StringComparison.Ordinal);
    }

    private static (double Value, double[] Gradient) Run(CrossEntropyLoss loss, Tensor logits, Tensor labels)
    {
        Tensor x = logits.Detach().RequiresGrad_();
        Tensor value = loss.Forward(x, labels);
        value.Backward();
        return (value.Item(), x.Grad!.To(ScalarType.Float64).ToArray<double>());
    }
}
