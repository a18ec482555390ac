using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>The fused halves of a block against libtorch's own autograd in double precision.</summary>
public sealed class FusedBlockTests
{
    /// <summary>
    /// Of the largest number of a tensor. Single precision rounds each sum of thousands of products; libtorch's own
    /// single-precision block stays as near to the double one.
    /// </summary>
    private const double Tolerance = 5e-5;

    [Theory]
    [InlineData(0, 2, 1, 16, 2)]
    [InlineData(2, 1, 3, 16, 4)]
    [InlineData(7, 5, 2, 32, 8)]
    [InlineData(12, 15, 2, 64, 4)]
    [InlineData(3, 40, 1, 48, 3)]
    [InlineData(23, 30, 3, 32, 5)]
    [InlineData(33, 1, 4, 16, 37)]
    [InlineData(9, 250, 1, 32, 8)]
    public void Block_AnyShape_HasLibtorchsGradients(int extraHeight, int width, int batch, int dim, int ratio) =>
        Check(new Case(batch, dim, ratio, extraHeight + 1, width));

    [Fact]
    public void Block_RandomShapesAndThreads_HasLibtorchsGradients()
    {
        Random random = new(5);
        int threads = TorchRuntime.Threads;
        try
        {
            for (int trial = 0; trial < 12; trial++)
            {
                TorchRuntime.Threads = random.Next(1, 7);
                Check(new Case(random.Next(1, 5), 16 * random.Next(1, 6), random.Next(1, 9), random.Next(1, 40), random.Next(1, 40), random.Next(3) == 0 ? 0 : 0.4, random.Next(4) != 0, random.Next(2) == 0, trial));
            }
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    [Fact]
    public void Block_ContiguousInputAndGradient_HasLibtorchsGradients() => Check(new Case(2, 32, 4, 11, 9) { ChannelsLast = false });

    [Fact]
    public void Block_DroppedBranches_PassTheirImagesOn()
    {
        using Generator generator = new(3);
        using Block block = new(16, 2, 0.999, generator) { Kernels = KernelChoice.Fused };
        using TensorScope scope = new();
        Tensor x = Tensor.Normal([3, 16, 8, 6], 0, 1, generator).To(MemoryFormat.ChannelsLast).RequiresGrad_();
        Tensor y = block.Forward(x);
        Assert.Equal(x.ToArray<float>(), y.ToArray<float>());
        y.Backward(Tensor.Ones(y.Shape));
        Assert.All(x.Grad!.ToArray<float>(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Block_Twice_GivesTheSameBits()
    {
        float[][] first = Run(new Case(2, 32, 8, 20, 17, 0.3), ScalarType.Float32, KernelChoice.Fused);
        float[][] second = Run(new Case(2, 32, 8, 20, 17, 0.3), ScalarType.Float32, KernelChoice.Fused);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Block_OtherThreads_GivesTheSameBitsUpToFour(int other)
    {
        int threads = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 4;
            float[][] four = Run(new Case(3, 32, 8, 20, 17, 0.3), ScalarType.Float32, KernelChoice.Fused);
            TorchRuntime.Threads = other;
            Assert.Equal(four, Run(new Case(3, 32, 8, 20, 17, 0.3), ScalarType.Float32, KernelChoice.Fused));
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    [Fact]
    public void Block_SeveralTrainingsAtOnceWithDifferentThreads_GivesTheSameBits()
    {
        Case problem = new(2, 32, 4, 14, 11, 0.3);
        float[][] expected = Run(problem, ScalarType.Float32, KernelChoice.Fused);
        Exception?[] faults = new Exception?[6];
        Thread[] trainings = [.. Enumerable.Range(0, faults.Length).Select(i => new Thread(() => faults[i] = Record.Exception(() =>
        {
            // libtorch counts threads for each calling thread on its own.
            TorchRuntime.Threads = 1 + (i % 3);
            for (int step = 0; step < 12; step++)
            {
                Assert.Equal(expected, Run(problem, ScalarType.Float32, KernelChoice.Fused));
            }
        })))];
        Array.ForEach(trainings, static training => training.Start());
        Array.ForEach(trainings, static training => training.Join());
        Assert.All(faults, Assert.Null);
    }

    [Fact]
    public void Block_WithoutGradients_GivesTheSameMap()
    {
        using Generator generator = new(2);
        using Block block = new(32, 4, 0, generator) { Kernels = KernelChoice.Fused };
        using TensorScope scope = new();
        Tensor x = Tensor.Normal([2, 32, 9, 7], 0, 1, generator).To(MemoryFormat.ChannelsLast);
        float[] with = block.Forward(x).ToArray<float>();
        using GradMode none = Autograd.NoGrad();
        Assert.Equal(with, block.Forward(x).ToArray<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float64, 16)]
    [InlineData(ScalarType.Float32, 12)]
    public void Block_WhatTheKernelsDoNotTake_IsLibtorchs(ScalarType type, int dim)
    {
        Case small = new(2, dim, 2, 5, 6);
        Assert.Equal(Run(small, type, KernelChoice.Libtorch), Run(small, type, KernelChoice.Fused));
    }

    [Fact]
    public void Block_OnlySomeParametersLearn_GivesTheirGradients()
    {
        using Generator generator = new(4);
        using Block block = new(16, 2, 0, generator) { Kernels = KernelChoice.Fused };
        foreach ((string name, Tensor parameter) in block.NamedParameters())
        {
            parameter.RequiresGrad_(name.StartsWith("mlp", StringComparison.Ordinal));
        }

        using TensorScope scope = new();
        block.Forward(Tensor.Normal([1, 16, 6, 6], 0, 1, generator)).Sum().Backward();
        Assert.All(block.NamedParameters(), entry => Assert.Equal(entry.Key.StartsWith("mlp", StringComparison.Ordinal), entry.Value.Grad is not null));
    }

    private static void Check(Case problem)
    {
        float[][] expected = Run(problem, ScalarType.Float64, KernelChoice.Libtorch);
        float[][] found = Run(problem, ScalarType.Float32, KernelChoice.Fused);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = expected[i].Max(MathF.Abs) + problem.Floor;
            for (int k = 0; k < expected[i].Length; k++)
            {
                double difference = Math.Abs(expected[i][k] - found[i][k]);
                Assert.True(difference <= Tolerance * scale, $"{problem}: tensor {i}, number {k} is {found[i][k]}, not {expected[i][k]} (scale {scale})");
            }
        }
    }

    /// <summary>The result, the input's gradient, all parameters' gradients and the running statistics.</summary>
    private static float[][] Run(Case problem, ScalarType type, KernelChoice kernels)
    {
        using Generator generator = new((ulong)problem.Seed);
        using Block block = new(problem.Dim, problem.Ratio, problem.DropPath, generator) { Kernels = kernels };
        using TensorScope scope = new();
        using (Autograd.NoGrad())
        {
            foreach ((string name, Tensor tensor) in block.StateTensors().Where(entry => entry.Value.Type == ScalarType.Float32))
            {
                // Factors around 1, so that each part counts; the variance positive.
                bool positive = name.EndsWith("running_var", StringComparison.Ordinal) || name.StartsWith("layer_scale", StringComparison.Ordinal);
                double size = tensor.Rank == 4 ? 1 / Math.Sqrt(tensor.NumElements / tensor.Size(0)) : 0.3;
                tensor.CopyFrom_(Tensor.Uniform(tensor.Shape, positive ? 0.5 : -size, positive ? 1.5 : size, generator));
            }
        }

        long[] shape = [problem.Batch, problem.Dim, problem.Height, problem.Width];
        Tensor x = (Tensor.Normal(shape, 0, 1, generator) + 0.5).To(type);
        Tensor dy = Tensor.Normal(shape, 0, 1, generator).To(type);
        block.To(type);
        if (problem.ChannelsLast)
        {
            block.To(MemoryFormat.ChannelsLast);
            x = x.To(MemoryFormat.ChannelsLast);
        }

        if (problem.NormEval)
        {
            foreach (BatchNorm2d norm in block.NamedModules().Select(entry => entry.Value).OfType<BatchNorm2d>())
            {
                norm.Eval();
            }
        }

        x = x.Detach().RequiresGrad_();
        generator.ManualSeed(77);
        Tensor y = block.Forward(x);
        y.Backward(dy);
        IEnumerable<Tensor> all =
        [
            y, x.Grad!, .. block.NamedParameters().Select(entry => entry.Value.Grad!), .. block.NamedBuffers().Select(entry => entry.Value),
        ];
        return [.. all.Select(tensor => tensor.To(ScalarType.Float32).ToArray<float>())];
    }

    private sealed record Case(
        int Batch, int Dim, int Ratio, int Height, int Width, double DropPath = 0, bool ChannelsLast = true, bool NormEval = false, int Seed = 1)
    {
        /// <summary>Added to a tensor's scale: gradients that cancel out, as of biases before a norm, have none of their own.</summary>
        public double Floor => Math.Sqrt(Batch * Height * Width) * 1e-1;
    }
}
