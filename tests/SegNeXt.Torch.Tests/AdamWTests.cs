namespace SegNeXt.Torch.Tests;

public sealed class AdamWTests : TorchTest
{
    private const double Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-6;

    /// <summary>float32 rounding of five steps of size 0.1 on values around 1.</summary>
    private const double SinglePrecision = 2e-6;

    [Theory]
    [InlineData(ScalarType.Float32, MemoryFormat.Contiguous, SinglePrecision)]
    [InlineData(ScalarType.Float32, MemoryFormat.ChannelsLast, SinglePrecision)]
    [InlineData(ScalarType.Float64, MemoryFormat.Contiguous, 1e-13)]
    [InlineData(ScalarType.Float64, MemoryFormat.ChannelsLast, 1e-13)]
    public void Step_SeveralSteps_FollowTheFormula(ScalarType type, MemoryFormat format, double tolerance)
    {
        Tensor first = Parameter(1, type, format, 4, 3, 5, 2);
        Tensor second = Parameter(2, type, MemoryFormat.Contiguous, 7);
        ParameterGroup[] groups = [new("first", first, 0.1, 0.01), new("second", second, 0.05, 0)];
        Reference[] references = [new(first, 0.01), new(second, 0)];
        using AdamW optimizer = new(groups, Beta1, Beta2, Eps);

        for (int step = 1; step <= 5; step++)
        {
            groups[0].LearningRate = 0.1 / step;
            Tensor[] gradients = [Draws(10 + (ulong)step, 4, 3, 5, 2), Draws(20 + (ulong)step, 7)];
            optimizer.ZeroGrad();
            ((first * gradients[0].To(type)).Sum() + (second * gradients[1].To(type)).Sum()).Backward();
            optimizer.Step();
            for (int i = 0; i < 2; i++)
            {
                references[i].Step(gradients[i].ToArray<double>(), step, groups[i].LearningRate);
                AssertClose(references[i].Values, groups[i].Parameter.Detach(), tolerance);
                AdamWState state = optimizer.GetState(groups[i].Name);
                AssertClose(references[i].First, state.ExpAvg, tolerance);
                AssertClose(references[i].Second, state.ExpAvgSq, tolerance);
                Assert.Equal(step, state.Step);
            }
        }

        Assert.True(first.IsContiguous(format));
    }

    [Fact]
    public void Step_GradientInAnotherLayout_GivesTheSame()
    {
        Tensor plain = Parameter(1, ScalarType.Float32, MemoryFormat.Contiguous, 4, 3, 5, 2);
        Tensor mixed = Parameter(1, ScalarType.Float32, MemoryFormat.Contiguous, 4, 3, 5, 2);
        using AdamW optimizer = new([new("plain", plain, 0.1, 0.1), new("mixed", mixed, 0.1, 0.1)]);

        // The state of the second keeps the old layout when the parameter changes, so no flat loop fits it.
        mixed.SetData(mixed.Detach().To(MemoryFormat.ChannelsLast));
        Tensor gradient = Draws(3, 4, 3, 5, 2).To(ScalarType.Float32);
        ((plain * gradient).Sum() + (mixed * gradient).Sum()).Backward();
        optimizer.Step();

        // The last bit may differ: the flat loop rounds a fused product and sum once.
        AssertClose(plain.Detach(), mixed.Detach(), 5e-7);
    }

    [Fact]
    public void Step_LargeParameter_IsDoneWhole()
    {
        // Several chunks and a tail. With a constant gradient the first step is lr everywhere, up to eps.
        Tensor parameter = Tensor.Zeros([100_003]).RequiresGrad_();
        using AdamW optimizer = new([new("p", parameter, 0.5, 0)], eps: 0);

        (parameter * 3).Sum().Backward();
        optimizer.Step();

        Assert.Equal(-0.5, parameter.Detach().Max().Item(), 6);
        Assert.Equal(-0.5, parameter.Detach().Min().Item(), 6);
    }

    [Fact]
    public void Step_NoGradient_LeavesTheParameterAlone()
    {
        Tensor used = Tensor.Ones([2]).RequiresGrad_(), unused = Tensor.Ones([2]).RequiresGrad_();
        using AdamW optimizer = new([new("used", used, 0.1, 0.5), new("unused", unused, 0.1, 0.5)]);

        used.Sum().Backward();
        optimizer.Step();

        Assert.Equal([1f, 1f], unused.Detach().ToArray<float>());
        Assert.Equal(0, optimizer.GetState("unused").Step);
        Assert.Equal(1, optimizer.GetState("used").Step);
        Assert.NotEqual([1f, 1f], used.Detach().ToArray<float>());
    }

    [Fact]
    public void Step_BetweenForwardAndBackward_IsNoticed()
    {
        Tensor parameter = Tensor.Ones([2]).RequiresGrad_();
        using AdamW optimizer = new([new("p", parameter, 0.1, 0)]);
        parameter.Sum().Backward();
        Tensor loss = (parameter * parameter).Sum();

        optimizer.Step();

        // The graph saved the old values; silently using the new ones would give wrong gradients.
        TorchException error = Assert.Throws<TorchException>(loss.Backward);
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadState_OfAnotherRun_Continues()
    {
        Tensor original = Parameter(1, ScalarType.Float32, MemoryFormat.ChannelsLast, 4, 3, 5, 2);
        using AdamW optimizer = new([new("p", original, 0.1, 0.01)]);
        Advance(original, optimizer, 30);
        Tensor copy = original.Detach().Clone().RequiresGrad_();
        using AdamW resumed = new([new("p", copy, 0.1, 0.01)]);

        resumed.LoadState("p", optimizer.GetState("p"));
        Advance(original, optimizer, 31);
        Advance(copy, resumed, 31);

        Assert.Equal(original.Detach().ToArray<float>(), copy.Detach().ToArray<float>());
        Assert.Equal(2, resumed.GetState("p").Step);

        static void Advance(Tensor parameter, AdamW optimizer, ulong seed)
        {
            optimizer.ZeroGrad();
            (parameter * Draws(seed, 4, 3, 5, 2).To(ScalarType.Float32)).Sum().Backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void LoadState_WrongShape_NamesTheParameter()
    {
        using AdamW optimizer = new([new("p", Tensor.Ones([2]), 0.1, 0)]);
        AdamWState state = new(Tensor.Zeros([3]), Tensor.Zeros([2]), 1);

        ArgumentException error = Assert.Throws<ArgumentException>(() => optimizer.LoadState("p", state));

        Assert.Equal("p: exp_avg has shape [3], the parameter [2].", error.Message);
        Assert.Throws<KeyNotFoundException>(() => optimizer.GetState("q"));
    }

    [Fact]
    public void New_BadArguments_Throw()
    {
        ParameterGroup group = new("p", Tensor.Ones([2]), 0.1, 0);

        Assert.Throws<ArgumentException>(() => new AdamW([group, group]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW([group], beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW([group], beta2: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW([group], eps: -1));
    }

    [Fact]
    public void GradClip_LongGradients_AreScaled()
    {
        Tensor x = Doubles([0, 0], 2).RequiresGrad_(), y = Doubles([0], 1).RequiresGrad_();
        Tensor unused = Doubles([0], 1).RequiresGrad_();
        ((x * Doubles([3, 0], 2)).Sum() + (y * 4).Sum()).Backward();

        Assert.Equal(5, GradClip.Norm([x, y, unused], 10), 12);
        AssertClose([3, 0], x.Grad!);

        Assert.Equal(5, GradClip.Norm([x, y, unused], 1), 12);
        AssertClose([3 / (5 + 1e-6), 0], x.Grad!);
        AssertClose([4 / (5 + 1e-6)], y.Grad!);

        Assert.Equal(0, GradClip.Norm([unused], 1));
    }

    private static Tensor Parameter(ulong seed, ScalarType type, MemoryFormat format, params ReadOnlySpan<long> shape)
    {
        Tensor values = Draws(seed, shape).To(type);
        return (shape.Length == 4 ? values.To(format) : values).RequiresGrad_();
    }

    /// <summary>The formula, element by element in double precision.</summary>
    private sealed class Reference(Tensor start, double weightDecay)
    {
        internal double[] Values { get; } = start.Detach().To(ScalarType.Float64).ToArray<double>();

        internal double[] First { get; } = new double[start.NumElements];

        internal double[] Second { get; } = new double[start.NumElements];

        internal void Step(double[] gradient, int t, double learningRate)
        {
            for (int i = 0; i < Values.Length; i++)
            {
                First[i] = (Beta1 * First[i]) + ((1 - Beta1) * gradient[i]);
                Second[i] = (Beta2 * Second[i]) + ((1 - Beta2) * gradient[i] * gradient[i]);
                double first = First[i] / (1 - Math.Pow(Beta1, t));
                double second = Second[i] / (1 - Math.Pow(Beta2, t));
                Values[i] -= learningRate * ((weightDecay * Values[i]) + (first / (Math.Sqrt(second) + Eps)));
            }
        }
    }
}
