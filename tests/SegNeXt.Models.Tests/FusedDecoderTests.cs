using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>The decoder's fused functions against libtorch's own autograd in double precision.</summary>
public sealed class FusedDecoderTests
{
    [Theory]
    [InlineData(1, 16, 16, 1, 1)]
    [InlineData(2, 32, 16, 5, 7)]
    [InlineData(3, 64, 32, 1, 97)]
    [InlineData(1, 48, 48, 23, 19)]
    [InlineData(2, 256, 16, 21, 30)]
    public void Factorisation_AnyShape_HasLibtorchsGradients(int batch, int dim, int rank, int height, int width)
    {
        (float[] expected, float[] expectedGradient) = Factorise(ScalarType.Float64, KernelChoice.Libtorch);
        (float[] found, float[] gradient) = Factorise(ScalarType.Float32, KernelChoice.Fused);
        (float[] single, float[] singleGradient) = Factorise(ScalarType.Float32, KernelChoice.Libtorch);

        // The updates divide by sums that may be small: how far single precision is off is what libtorch's own shows.
        Near(expected, found, single);
        Near(expectedGradient, gradient, singleGradient);

        (float[] Value, float[] Gradient) Factorise(ScalarType type, KernelChoice kernels)
        {
            using TensorScope scope = new();
            using Generator generator = new(3);
            using NonNegativeMatrixFactorisation module = new(dim, rank, 6, 7, generator) { Kernels = kernels };
            module.To(type);
            Tensor x = Tensor.Uniform([batch, dim, height, width], 0, 1, generator).To(type).To(MemoryFormat.ChannelsLast).RequiresGrad_();
            module.TrainingBases = Functional.Normalize(Tensor.Uniform([batch, dim, rank], 0, 1, generator), 1);
            Tensor y = module.Forward(x);
            y.Backward(Tensor.Normal(y.Shape, 0, 1, generator).To(type));
            return (y.To(ScalarType.Float32).ToArray<float>(), x.Grad!.To(ScalarType.Float32).ToArray<float>());
        }
    }

    [Fact]
    public void Factorisation_RandomBases_AreLibtorchsDraws()
    {
        float[] libtorch = Run(KernelChoice.Libtorch), fused = Run(KernelChoice.Fused);
        Near(libtorch, fused, libtorch);

        static float[] Run(KernelChoice kernels)
        {
            using TensorScope scope = new();
            using Generator generator = new(8);
            using NonNegativeMatrixFactorisation module = new(32, 16, 6, 7, generator) { Kernels = kernels };
            return module.Forward(Tensor.Uniform([2, 32, 6, 6], 0, 1, generator)).ToArray<float>();
        }
    }

    [Theory]
    [InlineData(1, 16, 16, 1, 1)]
    [InlineData(2, 48, 32, 7, 9)]
    [InlineData(3, 480, 256, 11, 13)]
    [InlineData(1, 32, 80, 40, 31)]
    public void Pointwise_AnyShape_HasLibtorchsGradients(int batch, int inputs, int outputs, int height, int width)
    {
        foreach (bool biased in new[] { true, false })
        {
            float[][] expected = Convolve(ScalarType.Float64, KernelChoice.Libtorch, biased);
            float[][] found = Convolve(ScalarType.Float32, KernelChoice.Fused, biased);
            float[][] single = Convolve(ScalarType.Float32, KernelChoice.Libtorch, biased);
            for (int i = 0; i < expected.Length; i++)
            {
                Near(expected[i], found[i], single[i]);
            }
        }

        float[][] Convolve(ScalarType type, KernelChoice kernels, bool biased)
        {
            using TensorScope scope = new();
            using Generator generator = new(4);
            using Conv2d convolution = new(inputs, outputs, (1, 1), bias: biased);
            using (Autograd.NoGrad())
            {
                convolution.Weight.CopyFrom_(Tensor.Normal(convolution.Weight.Shape, 0, 0.2, generator));
                convolution.Bias?.CopyFrom_(Tensor.Normal(convolution.Bias.Shape, 0, 0.2, generator));
            }

            convolution.To(type);
            Tensor x = Tensor.Normal([batch, inputs, height, width], 0, 1, generator).To(type).RequiresGrad_();
            Tensor y = FusedPointwise.Run(x, convolution, kernels);
            y.Backward(Tensor.Normal(y.Shape, 0, 1, generator).To(type));
            Tensor[] all = biased ? [y, x.Grad!, convolution.Weight.Grad!, convolution.Bias!.Grad!] : [y, x.Grad!, convolution.Weight.Grad!];
            return [.. all.Select(tensor => tensor.To(ScalarType.Float32).ToArray<float>())];
        }
    }

    /// <summary>Within four times libtorch's own distance from the double precision, or 2e-5 of the largest number.</summary>
    private static void Near(float[] expected, float[] found, float[] single)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(MathF.Abs);
        double limit = Math.Max(4 * expected.Zip(single).Max(pair => Math.Abs(pair.First - pair.Second)), 2e-5 * scale);
        double most = expected.Zip(found).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(most <= limit, $"max |difference| is {most} at a scale of {scale}; the limit is {limit}.");
    }
}
