namespace SegNeXt.Torch.Tests;

public sealed class TensorMathTests : TorchTest
{
    [Fact]
    public void Operators_TensorsAndNumbers_Compute()
    {
        Tensor x = Doubles([1, 2, 4], 3);
        Tensor y = Doubles([3, 5, 8], 3);

        AssertClose([4, 7, 12], x + y);
        AssertClose([-2, -3, -4], x - y);
        AssertClose([3, 10, 32], x * y);
        AssertClose([3, 2.5, 2], y / x);
        AssertClose([2, 3, 5], x + 1);
        AssertClose([2, 3, 5], 1 + x);
        AssertClose([0, 1, 3], x - 1);
        AssertClose([0, -1, -3], 1 - x);
        AssertClose([2, 4, 8], 2 * x);
        AssertClose([0.5, 1, 2], x / 2);
        AssertClose([2, 1, 0.5], 2 / x);
        AssertClose([-1, -2, -4], -x);
    }

    [Fact]
    public void Operators_DifferentShapes_Broadcast() =>
        AssertClose(Doubles([11, 12, 21, 22], 2, 2), Doubles([10, 20], 2, 1) + Doubles([1, 2], 2));

    [Fact]
    public void Operators_IntegersWithIntegralNumber_StayIntegers()
    {
        Tensor x = Tensor.FromArray<long>([1, 2], [2]);

        Assert.Equal([3L, 6L], (x * 3).ToArray<long>());
        Assert.Equal(ScalarType.Float32, (x * 0.5).Type);
    }

    [Fact]
    public void Functions_EachElement_MatchTheirDefinition()
    {
        double[] values = [-2, -0.5, 0, 0.3, 1.7];
        Tensor x = Doubles(values, 5);
        Tensor positive = Doubles([0.1, 1, 2.5], 3);

        AssertClose(Array.ConvertAll(values, Math.Exp), x.Exp());
        AssertClose([Math.Log(0.1), 0, Math.Log(2.5)], positive.Log());
        AssertClose([Math.Sqrt(0.1), 1, Math.Sqrt(2.5)], positive.Sqrt());
        AssertClose([4, 0.25, 0, 0.09, 2.89], x.Pow(2));
        AssertClose([2, 0.5, 0, 0.3, 1.7], x.Abs());
        AssertClose(Array.ConvertAll(values, static v => 1 / (1 + Math.Exp(-v))), x.Sigmoid());
        AssertClose([0, 0, 0, 0.3, 1.7], x.Relu());
        AssertClose([-1, -0.5, 0, 0.3, 1], x.Clamp(-1, 1));
        AssertClose([-1, -0.5, 0, 0.3, 1.7], x.Clamp(min: -1));
        AssertClose([-2, -0.5, 0, 0.3, 1], x.Clamp(max: 1));
        AssertClose(x, x.Clamp());
    }

    [Fact]
    public void Gelu_Values_AreTheExactForm()
    {
        // x·Φ(x) from tables of the normal distribution; the tanh form differs from the fourth digit.
        AssertClose([-0.04550026389635842, 0, 0.8413447460685429], Doubles([-2, 0, 1], 3).Gelu(), 1e-12);
    }

    [Fact]
    public void Comparisons_NumbersAndTensors_GiveBools()
    {
        Tensor x = Doubles([1, 2, 3], 3);
        Tensor two = Doubles([2], 1);

        Assert.Equal([false, true, false], x.Eq(2).ToArray<bool>());
        Assert.Equal([true, false, true], x.Ne(2).ToArray<bool>());
        Assert.Equal([true, false, false], x.Lt(2).ToArray<bool>());
        Assert.Equal([false, false, true], x.Gt(2).ToArray<bool>());
        Assert.Equal([false, true, true], x.Ge(2).ToArray<bool>());
        Assert.Equal([false, true, false], x.Eq(two).ToArray<bool>());
        Assert.Equal([true, false, true], x.Ne(two).ToArray<bool>());
        Assert.Equal([true, false, false], x.Lt(two).ToArray<bool>());
        Assert.Equal([false, false, true], x.Gt(two).ToArray<bool>());
        Assert.Equal([false, true, true], x.Ge(two).ToArray<bool>());
    }

    [Fact]
    public void Where_Condition_Chooses()
    {
        Tensor x = Doubles([1, 2, 3], 3);

        AssertClose([-1, 2, 3], Tensor.Where(x.Gt(1), x, -x));
    }

    [Fact]
    public void AllFinite_InfinityOrNaN_IsFalse()
    {
        Assert.True(Doubles([1, -1e300], 2).AllFinite());
        Assert.False(Doubles([1, double.NaN], 2).AllFinite());
        Assert.False(Doubles([double.NegativeInfinity], 1).AllFinite());
    }

    [Fact]
    public void InPlace_Operations_ChangeTheTensor()
    {
        Tensor x = Doubles([1, 2], 2);

        AssertClose([5, 6], x.Add_(Doubles([2, 2], 2), alpha: 2));
        AssertClose([6, 7], x.Add_(1));
        AssertClose([3, 3.5], x.Mul_(0.5));
        AssertClose([6, 7], x.Mul_(Doubles([2, 2], 2)));
        AssertClose([7, 7.75], x.Lerp_(Doubles([10, 10], 2), 0.25));
        AssertClose([9, 9], x.Fill_(9));
        AssertClose([1, 2], x.CopyFrom_(Tensor.FromArray<float>([1, 2], [2])));
        AssertClose([0, 0], x.Zero_());
        AssertClose([0, 0], x);
    }

    [Fact]
    public void InPlace_LeafThatRecords_NeedsNoGrad()
    {
        Tensor x = Tensor.Ones([2]).RequiresGrad_();

        Assert.Throws<TorchException>(() => x.Mul_(2));
        using (Autograd.NoGrad())
        {
            x.Mul_(2);
        }

        Assert.Equal([2f, 2f], x.Detach().ToArray<float>());
    }
}
