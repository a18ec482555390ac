namespace SegNeXt.Torch.Tests;

public sealed class GeneratorTests : TorchTest
{
    [Fact]
    public void Draws_SameSeed_AreTheSame()
    {
        using Generator a = new(7), b = new(7), c = new(8);

        float[] first = Tensor.Normal([100], 0, 1, a).ToArray<float>();

        Assert.Equal(first, Tensor.Normal([100], 0, 1, b).ToArray<float>());
        Assert.NotEqual(first, Tensor.Normal([100], 0, 1, c).ToArray<float>());
        Assert.NotEqual(first, Tensor.Normal([100], 0, 1, a).ToArray<float>());
        a.ManualSeed(7);
        Assert.Equal(first, Tensor.Normal([100], 0, 1, a).ToArray<float>());
    }

    [Fact]
    public void SetState_EarlierState_ContinuesTheStream()
    {
        using Generator a = new(7), b = new(0);
        Tensor.Normal([5], 0, 1, a);
        byte[] state = a.GetState();
        float[] next = Tensor.Normal([33], 0, 1, a).ToArray<float>();

        b.SetState(state);

        Assert.Equal(next, Tensor.Normal([33], 0, 1, b).ToArray<float>());
    }

    [Fact]
    public void SetState_Nonsense_Throws()
    {
        using Generator generator = new(7);

        Assert.Throws<TorchException>(() => generator.SetState([1, 2, 3]));
    }

    [Fact]
    public void Distributions_ManyDraws_HaveTheirMoments()
    {
        using Generator generator = new(1);
        const int Count = 40_000;

        Tensor uniform = Tensor.Uniform([Count], -1, 3, generator, ScalarType.Float64);
        Tensor normal = Tensor.Normal([Count], 2, 3, generator, ScalarType.Float64);
        Tensor bernoulli = Tensor.Bernoulli([Count], 0.3, generator);

        // Five standard errors of each mean and deviation.
        Assert.InRange(uniform.Min().Item(), -1, -0.99);
        Assert.InRange(uniform.Max().Item(), 2.99, 3);
        Assert.Equal(1, uniform.Mean().Item(), 5 * 1.155 / 200);
        Assert.Equal(2, normal.Mean().Item(), 5 * 3.0 / 200);
        Assert.Equal(3, Math.Sqrt((normal - 2).Pow(2).Mean().Item()), 5 * 3.0 / 283);
        Assert.Equal(0.3, bernoulli.Mean().Item(), 5 * 0.458 / 200);
        Assert.Equal(Count, (bernoulli.Eq(0).Sum() + bernoulli.Eq(1).Sum()).Item());
    }

    [Fact]
    public void RandPerm_Numbers_AreAPermutation()
    {
        using Generator generator = new(3);

        long[] order = Tensor.RandPerm(50, generator).ToArray<long>();

        Assert.NotEqual(order.Order(), order);
        Assert.Equal(Enumerable.Range(0, 50).Select(static i => (long)i), order.Order());
    }

    [Fact]
    public void Dropout2d_Channels_AreZeroOrScaled()
    {
        using Generator generator = new(3);
        Tensor x = Tensor.Ones([20, 50, 2, 3]);

        Tensor y = Functional.Dropout2d(x, 0.2, generator);

        Tensor channels = y.Reshape(1000, 6);
        Assert.Equal(channels.Max([1]).ToArray<float>(), channels.Min([1]).ToArray<float>());
        Assert.Equal([0f, 1.25f], channels.Max([1]).ToArray<float>().Distinct().Order());
        Assert.Equal(1, y.Mean().Item(), 5 * 0.5 / Math.Sqrt(1000));
    }

    [Fact]
    public void Dropout2d_ExtremeProbabilities_KeepOrClearAll()
    {
        using Generator generator = new(3);
        Tensor x = Tensor.Ones([2, 3, 1, 1]);

        Assert.Equal(6, Functional.Dropout2d(x, 0, generator).Sum().Item());
        Assert.Equal(0, Functional.Dropout2d(x, 1, generator).Sum().Item());
        Assert.Throws<ArgumentOutOfRangeException>(() => Functional.Dropout2d(x, 1.1, generator));
        Assert.Throws<ArgumentOutOfRangeException>(() => Functional.Dropout2d(x, double.NaN, generator));
    }

    [Fact]
    public void Dispose_Generator_RefusesUse()
    {
        Generator generator = new(3);
        generator.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Tensor.Uniform([1], 0, 1, generator));
    }
}
