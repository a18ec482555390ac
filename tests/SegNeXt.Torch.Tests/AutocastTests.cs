using System.Runtime.Intrinsics;

namespace SegNeXt.Torch.Tests;

public sealed class AutocastTests : TorchTest
{
    [Fact]
    public void Autocast_ScopesNested_EachRestoresWhatWas()
    {
        Assert.False(Autocast.IsOn(DeviceType.Cpu));
        using (Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16))
        {
            Assert.Equal(new AutocastSetting(true, ScalarType.BFloat16), Autocast.Current(DeviceType.Cpu));
            using (Autocast.Leave(DeviceType.Cpu))
            {
                Assert.False(Autocast.IsOn(DeviceType.Cpu));
            }

            Assert.True(Autocast.IsOn(DeviceType.Cpu));
            Assert.False(Autocast.IsOn(DeviceType.Cuda));
        }

        Assert.False(Autocast.IsOn(DeviceType.Cpu));
    }

    [Fact]
    public void Autocast_AnotherThread_HasItsOwn()
    {
        using AutocastScope scope = Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16);
        bool on = true;
        Thread thread = new(() => on = Autocast.IsOn(DeviceType.Cpu));
        thread.Start();
        thread.Join();
        Assert.False(on);
    }

    [Fact]
    public void Autocast_ProductsAndConvolutions_AreIn16BitsAndWeightsGetGradientsIn32()
    {
        using Generator generator = new(1);
        using Linear linear = new(6, 4);
        using Conv2d convolution = new(6, 4, 3, padding: 1);
        Fill(linear, generator);
        Fill(convolution, generator);
        Tensor x = Tensor.Normal([2, 6, 5, 5], 0, 1, generator);
        Tensor y, z;
        using (Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16))
        {
            y = convolution.Forward(x);
            z = linear.Forward(x.Permute(0, 2, 3, 1));
            Assert.Equal(ScalarType.BFloat16, x.Reshape(2, 6, 25).Bmm(x.Reshape(2, 6, 25).Transpose(1, 2)).Type);
        }

        Assert.Equal((ScalarType.BFloat16, ScalarType.BFloat16), (y.Type, z.Type));
        (y.To(ScalarType.Float32).Sum() + z.To(ScalarType.Float32).Sum()).Backward();
        Assert.All(
            [linear.Weight, convolution.Weight, convolution.Bias!],
            weight => Assert.Equal(ScalarType.Float32, weight.Grad!.Type));
        Tensor exact = convolution.Forward(x);

        // Without AVX-512 libtorch keeps the running sums of the 54 products in 16 bits, too: of a number up to 4 each is within 1/512.
        AssertClose(exact, y, Vector512.IsHardwareAccelerated ? 0.05 : 0.2);
        Assert.NotEqual(exact.ToArray<float>(), y.To(ScalarType.Float32).ToArray<float>());
    }

    /// <summary>What the norms and softmax give for 16-bit maps is exactly what they give for the same numbers in 32 bits.</summary>
    [Theory]
    [InlineData("batch", true)]
    [InlineData("batch", false)]
    [InlineData("layer", false)]
    [InlineData("group", false)]
    [InlineData("softmax", false)]
    [InlineData("log_softmax", false)]
    public void Autocast_NormalisationsAndSoftmax_AreInSinglePrecision(string what, bool training)
    {
        using Generator generator = new(2);
        using BatchNorm2d batch = new(8);
        using LayerNorm layer = new(8);
        using GroupNorm group = new(4, 8);
        batch.Train(training);

        // Far from zero and close together: in 16 bits all of them would be the same number but for a few.
        Tensor narrow = (Tensor.Normal([2, 8, 5, 7], 0, 1, generator) + 100).To(ScalarType.BFloat16);
        Tensor expected = Compute(narrow.To(ScalarType.Float32));
        using AutocastScope scope = Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16);
        Tensor found = Compute(narrow);
        Assert.Equal(ScalarType.Float32, found.Type);
        Assert.Equal(expected.ToArray<float>(), found.ToArray<float>());

        Tensor Compute(Tensor x) => what switch
        {
            "batch" => batch.Forward(x),
            "layer" => layer.Forward(x.Permute(0, 2, 3, 1)),
            "group" => group.Forward(x),
            "softmax" => x.Softmax(1),
            _ => x.LogSoftmax(1),
        };
    }

    [Fact]
    public void Checkpoint_UnderAutocast_ComputesTheSecondTimeAsTheFirst()
    {
        using Generator generator = new(3);
        using Conv2d convolution = new(6, 6, 3, padding: 1);
        Fill(convolution, generator);
        Tensor x = Tensor.Normal([2, 6, 9, 9], 0, 1, generator);
        List<bool> seen = [];
        float[] plain = Gradient(input => Twice(input));
        Assert.Equal([true], seen);
        float[] checkpointed = Gradient(input => Checkpoint.Run([convolution], Twice, input, null));
        Assert.Equal([true, true, true], seen);
        Assert.Equal(plain, checkpointed);
        Assert.False(Autocast.IsOn(DeviceType.Cpu));

        Tensor Twice(Tensor input)
        {
            seen.Add(Autocast.IsOn(DeviceType.Cpu));
            return convolution.Forward(convolution.Forward(input).Gelu());
        }

        float[] Gradient(Func<Tensor, Tensor> part)
        {
            convolution.ZeroGrad();
            Tensor y;
            using (Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16))
            {
                y = part(x);
            }

            y.To(ScalarType.Float32).Sum().Backward();
            return convolution.Weight.Grad!.ToArray<float>();
        }
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(double.NaN, false)]
    public void Unscale_Gradients_AreDividedAndSeenToBeNumbers(double last, bool finite)
    {
        Tensor a = Tensor.Ones([2]).RequiresGrad_(), b = Tensor.Ones([1]).RequiresGrad_(), without = Tensor.Ones([3]).RequiresGrad_();
        (a * Tensor.FromArray<float>([4f, -12f], [2])).Sum().Backward();
        (b * last).Sum().Backward();
        Assert.Equal(finite, GradientScaling.Unscale([a, b, without], 4));
        Assert.Equal([1f, -3f], a.Grad!.ToArray<float>());
        Assert.Null(without.Grad);
        Assert.True(GradientScaling.Unscale([without], 4));
    }

    [Fact]
    public void Unscale_ThatOverflows_IsSeen()
    {
        Tensor a = Tensor.Ones([1]).RequiresGrad_();
        (a * 1e38).Sum().Backward();
        Assert.False(GradientScaling.Unscale([a], 1e-3));
    }

    private static void Fill(Module module, Generator generator)
    {
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((_, Tensor parameter) in module.NamedParameters())
        {
            parameter.CopyFrom_(Tensor.Normal(parameter.Shape, 0, 0.3, generator));
        }
    }
}
