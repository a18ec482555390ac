namespace SegNeXt.Torch.Tests;

public sealed class MuonTests : TorchTest
{
    private const double Momentum = 0.9;

    /// <summary>float32 rounding that five rounds of products enlarge: a few 1e-6 of an update's elements, which are below 1.</summary>
    private const double SinglePrecision = 3e-5;

    [Theory]
    [InlineData(6, 4, ScalarType.Float64, 1e-12)]
    [InlineData(4, 6, ScalarType.Float64, 1e-12)]
    [InlineData(5, 5, ScalarType.Float64, 1e-12)]
    [InlineData(3, 40, ScalarType.Float32, SinglePrecision)]
    [InlineData(64, 16, ScalarType.Float32, SinglePrecision)]
    [InlineData(33, 70, ScalarType.Float32, SinglePrecision)]
    [InlineData(70, 65, ScalarType.Float32, SinglePrecision)]
    public void Step_SeveralSteps_FollowTheFormula(int rows, int columns, ScalarType type, double tolerance)
    {
        Tensor parameter = Draws(1, rows, columns).To(type).RequiresGrad_();
        ParameterGroup group = new("p", parameter, 0.1, 0.01);
        Reference reference = new(parameter, rows, columns, 0.01);
        using Muon optimizer = new([group], _ => true, Momentum);
        for (int step = 1; step <= 5; step++)
        {
            group.LearningRate = 0.1 / step;
            Tensor gradient = Draws(10 + (ulong)step, rows, columns);
            Backward(optimizer, (parameter, gradient));
            optimizer.Step();
            reference.Step(gradient.ToArray<double>(), group.LearningRate);
            AssertClose(reference.Values, parameter.Detach(), tolerance);
            AssertClose(reference.Mean, Average(optimizer, "p"), tolerance);
            Assert.Equal(step, optimizer.StepsOf("p"));
        }
    }

    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void Step_Convolution_IsTheMatrixOfItsOutputs(MemoryFormat format)
    {
        Tensor parameter = Draws(1, 8, 3, 3, 2).To(format).RequiresGrad_();
        Reference reference = new(parameter, 8, 18, 0.1);
        using Muon optimizer = new([new("p", parameter, 0.1, 0.1)], _ => true, Momentum);
        Tensor gradient = Draws(2, 8, 3, 3, 2);
        Backward(optimizer, (parameter, gradient.To(format)));
        optimizer.Step();
        reference.Step(gradient.ToArray<double>(), 0.1);
        AssertClose(reference.Values, parameter.Detach());
        Assert.True(parameter.IsContiguous(format));
    }

    [Fact]
    public void Step_ManyParameters_EachAsIfItWereAlone()
    {
        // Two of one shape go through the same products, a tall one and a wide one do not.
        Tensor[] parameters = [.. new (int, int)[] { (6, 4), (6, 4), (4, 6), (6, 2), (9, 1) }.Select((size, i) => Draws((ulong)i, size.Item1, size.Item2).RequiresGrad_())];
        Reference[] references = [.. parameters.Select(parameter => new Reference(parameter, (int)parameter.Shape[0], (int)parameter.Shape[1], 0.05))];
        using Muon optimizer = new([.. parameters.Select((parameter, i) => new ParameterGroup($"p{i}", parameter, 0.1 * (i + 1), 0.05))], _ => true, Momentum);
        Tensor[] gradients = [.. parameters.Select((parameter, i) => Draws(20 + (ulong)i, parameter.Shape))];
        Backward(optimizer, [.. parameters.Zip(gradients)]);
        optimizer.Step();
        for (int i = 0; i < parameters.Length; i++)
        {
            references[i].Step(gradients[i].ToArray<double>(), 0.1 * (i + 1));
            AssertClose(references[i].Values, parameters[i].Detach());
        }
    }

    [Fact]
    public void Step_AnyNumberOfThreads_GivesTheSameBits()
    {
        int before = TorchRuntime.Threads;
        try
        {
            float[] one = Moved(1);
            Assert.Equal(one, Moved(2));
            Assert.Equal(one, Moved(3));
        }
        finally
        {
            TorchRuntime.Threads = before;
        }

        static float[] Moved(int threads)
        {
            TorchRuntime.Threads = threads;
            Tensor[] parameters = [.. Enumerable.Range(1, 5).Select(i => Draws((ulong)i, 40, 20 * i).To(ScalarType.Float32).RequiresGrad_())];
            using Muon optimizer = new([.. parameters.Select((parameter, i) => new ParameterGroup($"p{i}", parameter, 0.1, 0.05))], _ => true);
            Backward(optimizer, [.. parameters.Select((parameter, i) => (parameter, Draws(10 + (ulong)i, parameter.Shape)))]);
            optimizer.Step();
            return [.. parameters.SelectMany(parameter => parameter.Detach().ToArray<float>())];
        }
    }

    [Fact]
    public void Step_LongAndShortDirections_MoveAlike()
    {
        // Singular values from 1 to 100: orthogonalised, they are all near 1, and the step has AdamW's size.
        Tensor parameter = Tensor.Zeros([6, 6], ScalarType.Float64).RequiresGrad_();
        using Muon optimizer = new([new("p", parameter, 1, 0)], _ => true, Momentum);
        var scales = new double[36];
        for (int i = 0; i < 6; i++)
        {
            scales[i * 7] = Math.Pow(10, i * 0.4);
        }

        Backward(optimizer, (parameter, Doubles(scales, 6, 6)));
        optimizer.Step();
        double[] moved = parameter.Detach().ToArray<double>();
        for (int i = 0; i < 36; i++)
        {
            double found = -moved[i] / (0.2 * Math.Sqrt(6));
            Assert.InRange(found, i % 7 == 0 ? 0.6 : -1e-12, i % 7 == 0 ? 1.3 : 1e-12);
        }
    }

    [Fact]
    public void Step_OtherParameters_AreAdamWs()
    {
        Tensor vector = Draws(1, 7).RequiresGrad_(), matrix = Draws(2, 4, 3).RequiresGrad_();
        Tensor expected = vector.Detach().Clone().RequiresGrad_();
        using Muon optimizer = new([new("v", vector, 0.1, 0.02), new("m", matrix, 0.1, 0)], group => group.Name == "m", Momentum, 0.8, 0.95);
        using AdamW adamW = new([new("v", expected, 0.1, 0.02)], 0.8, 0.95);
        for (ulong step = 1; step < 4; step++)
        {
            Tensor gradient = Draws(step, 7);
            Backward(optimizer, (vector, gradient), (matrix, Draws(step, 4, 3)));
            Backward(adamW, (expected, gradient));
            optimizer.Step();
            adamW.Step();
        }

        Assert.Equal(expected.Detach().ToArray<double>(), vector.Detach().ToArray<double>());
        Assert.Equal((3L, 3L), (optimizer.StepsOf("v"), optimizer.StepsOf("m")));
        Assert.Equal(["exp_avg", "exp_avg_sq"], optimizer.Averages("v").Select(average => average.Name));
        Assert.Equal((false, true), (optimizer.IsMatrix("v"), optimizer.IsMatrix("m")));
    }

    [Fact]
    public void Step_NoGradientOrZero_LeavesTheParameterAlone()
    {
        Tensor unused = Draws(1, 3, 4).RequiresGrad_(), still = Draws(2, 3, 4).RequiresGrad_();
        double[] before = unused.Detach().ToArray<double>(), others = still.Detach().ToArray<double>();
        using Muon optimizer = new([new("unused", unused, 0.1, 0.5), new("still", still, 0.1, 0)], _ => true);
        Backward(optimizer, (still, Tensor.Zeros([3, 4], ScalarType.Float64)));
        optimizer.Step();
        Assert.Equal(before, unused.Detach().ToArray<double>());
        Assert.Equal(others, still.Detach().ToArray<double>());
        Assert.Equal((0L, 1L), (optimizer.StepsOf("unused"), optimizer.StepsOf("still")));
    }

    [Fact]
    public void Step_BetweenForwardAndBackward_IsNoticed()
    {
        Tensor parameter = Draws(1, 3, 2).RequiresGrad_();
        using Muon optimizer = new([new("p", parameter, 0.1, 0)], _ => true);
        Backward(optimizer, (parameter, Draws(2, 3, 2)));
        Tensor loss = (parameter * parameter).Sum();
        optimizer.Step();
        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(loss.Backward).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_OfAnotherRun_Continue()
    {
        Tensor original = Draws(1, 16, 5).To(ScalarType.Float32).RequiresGrad_();
        using Muon optimizer = new([new("p", original, 0.1, 0.01)], _ => true);
        Advance(original, optimizer, 30);
        Tensor copy = original.Detach().Clone().RequiresGrad_();
        using Muon resumed = new([new("p", copy, 0.1, 0.01)], _ => true);
        Average(resumed, "p").CopyFrom_(Average(optimizer, "p"));
        resumed.SetSteps("p", 1);
        Advance(original, optimizer, 31);
        Advance(copy, resumed, 31);
        Assert.Equal(original.Detach().ToArray<float>(), copy.Detach().ToArray<float>());
        Assert.Equal(2, resumed.StepsOf("p"));

        static void Advance(Tensor parameter, Muon optimizer, ulong seed)
        {
            Backward(optimizer, (parameter, Draws(seed, 16, 5).To(ScalarType.Float32)));
            optimizer.Step();
        }
    }

    [Fact]
    public void New_BadArguments_Throw()
    {
        ParameterGroup matrix = new("m", Tensor.Ones([2, 2]), 0.1, 0), vector = new("v", Tensor.Ones([2]), 0.1, 0);
        Assert.Throws<ArgumentException>(() => new Muon([matrix, matrix], _ => true));
        Assert.Throws<ArgumentException>(() => new Muon([matrix, new("m", Tensor.Ones([2]), 0.1, 0)], group => group.Parameter.Shape.Length > 1));
        Assert.Throws<ArgumentException>(() => new Muon([vector], _ => true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Muon([matrix], _ => true, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Muon([matrix], _ => true, beta2: 1));
        using Muon optimizer = new([matrix, vector], group => group.Name == "m");
        Assert.Throws<KeyNotFoundException>(() => optimizer.StepsOf("q"));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.SetSteps("m", -1));
    }

    private static Tensor Average(Muon optimizer, string name)
    {
        (string part, Tensor value) = Assert.Single(optimizer.Averages(name));
        Assert.Equal("momentum_buffer", part);
        return value;
    }

    /// <summary>Gives parameters these gradients.</summary>
    private static void Backward(IOptimizer optimizer, params (Tensor Parameter, Tensor Gradient)[] pairs)
    {
        optimizer.ZeroGrad();
        foreach ((Tensor parameter, Tensor gradient) in pairs)
        {
            (parameter * gradient.To(parameter.Type)).Sum().Backward();
        }
    }

    /// <summary>The formula with plain loops in double precision, never transposed.</summary>
    private sealed class Reference(Tensor start, int rows, int columns, double weightDecay)
    {
        internal double[] Values { get; } = start.Detach().To(MemoryFormat.Contiguous).To(ScalarType.Float64).ToArray<double>();

        internal double[] Mean { get; } = new double[start.NumElements];

        internal void Step(double[] gradient, double learningRate)
        {
            var ahead = new double[gradient.Length];
            for (int i = 0; i < ahead.Length; i++)
            {
                Mean[i] = (Momentum * Mean[i]) + ((1 - Momentum) * gradient[i]);
                ahead[i] = ((1 - Momentum) * gradient[i]) + (Momentum * Mean[i]);
            }

            double[] update = Orthogonalised(ahead);
            double factor = learningRate * 0.2 * Math.Sqrt(Math.Max(rows, columns));
            for (int i = 0; i < update.Length; i++)
            {
                Values[i] = (Values[i] * (1 - (learningRate * weightDecay))) - (factor * update[i]);
            }
        }

        private double[] Orthogonalised(double[] matrix)
        {
            double norm = Math.Sqrt(matrix.Sum(value => value * value)) + 1e-7;
            double[] x = Array.ConvertAll(matrix, value => value / norm);
            for (int round = 0; round < 5; round++)
            {
                double[] first = Cubed(x, x), second = Cubed(x, first);
                x = [.. x.Select((value, i) => (3.4445 * value) - (4.7750 * first[i]) + (2.0315 * second[i]))];
            }

            return x;
        }

        /// <summary>x xᵀ y.</summary>
        private double[] Cubed(double[] x, double[] y)
        {
            var result = new double[rows * columns];
            for (int i = 0; i < rows; i++)
            {
                for (int k = 0; k < rows; k++)
                {
                    double gram = 0;
                    for (int j = 0; j < columns; j++)
                    {
                        gram += x[(i * columns) + j] * x[(k * columns) + j];
                    }

                    for (int j = 0; j < columns; j++)
                    {
                        result[(i * columns) + j] += gram * y[(k * columns) + j];
                    }
                }
            }

            return result;
        }
    }
}
