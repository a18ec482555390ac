using SegNeXt.Torch;
using static SegNeXt.Models.Tests.PlainLayers;

namespace SegNeXt.Models.Tests;

/// <summary>Table 5's modules of global context.</summary>
public sealed class ContextModuleTests : VariantTest
{
    private const int Dim = 16;
    private const int Groups = 4;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void NonLocal_AnySize_IsTheEmbeddedGaussian(int height, int width)
    {
        using TensorScope scope = new();
        using NonLocalBlock module = new(Dim, Groups, Generator);
        Randomise(module);
        Tensor x = Random(2, Dim, height, width);
        AssertEqual(
            map =>
            {
                Plain theta = Convolve(map, module, "theta.conv"), phi = Convolve(map, module, "phi.conv"), g = Convolve(map, module, "g.conv");
                Plain context = Attend(g, p => Softmax([.. Enumerable.Range(0, map.Positions).Select(q => Dot(theta, p, phi, q) / Math.Sqrt(Dim / 2))]));
                return Zip(map, GroupNorm(Convolve(context, module, "conv_out.conv"), module, "conv_out.gn", Groups), (a, b) => a + b);
            },
            x,
            module.Forward(x),
            "non-local attention");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void CrissCross_AnySize_IsTwoRoundsOverRowAndColumn(int height, int width)
    {
        using TensorScope scope = new();
        using CrissCrossAttention module = new(Dim, Generator);
        Randomise(module);
        Tensor x = Random(2, Dim, height, width);
        AssertEqual(map => Once(Once(map)), x, module.Forward(x), "criss-cross attention");

        Plain Once(Plain map)
        {
            Plain query = Convolve(map, module, "query_conv"), key = Convolve(map, module, "key_conv"), value = Convolve(map, module, "value_conv");
            double gamma = State(module, "gamma.scale")[0];
            Plain context = Attend(value, p =>
            {
                int[] cross = [.. Enumerable.Range(0, map.Positions).Where(q => q / width == p / width || q % width == p % width)];
                double[] shares = Softmax([.. cross.Select(q => Dot(query, p, key, q))]);
                double[] weights = new double[map.Positions];
                for (int i = 0; i < cross.Length; i++)
                {
                    weights[cross[i]] = shares[i];
                }

                return weights;
            });
            return Zip(map, context, (a, b) => a + (gamma * b));
        }
    }

    // What criss-cross attention is repeated for: one round reaches a row and a column, two reach everything.
    [Fact]
    public void CrissCross_TwoRounds_ReachEveryPosition()
    {
        using TensorScope scope = new();
        using CrissCrossAttention module = new(Dim, Generator);
        Randomise(module);
        Assert.Equal(5 + 7 - 1, Reached(module.Once));
        Assert.Equal(5 * 7, Reached(module.Forward));

        int Reached(Func<Tensor, Tensor> forward)
        {
            Tensor x = Random(1, Dim, 5, 7).RequiresGrad_();
            forward(x).Narrow(2, 1, 1).Narrow(3, 2, 1).Sum().Backward();
            return x.Grad!.Abs().Sum([0, 1]).ToArray<double>().Count(value => value != 0);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ema_Evaluation_IsThreeRoundsOfExpectationAndMaximisation(int height, int width)
    {
        using TensorScope scope = new();
        using ExpectationMaximisation module = new(Dim, Groups, Generator);
        Randomise(module);
        Tensor x = Random(2, Dim, height, width);
        AssertEqual(
            map =>
            {
                (_, Plain reconstruction) = Rounds(Convolve(map, module, "ema_mid_conv.conv"), State(module, "ema_module.bases"));
                return Relu(Zip(map, GroupNorm(Convolve(Relu(reconstruction), module, "ema_out_conv.conv"), module, "ema_out_conv.gn", Groups), (a, b) => a + b));
            },
            x,
            module.Forward(x),
            "EMA");
    }

    [Fact]
    public void EmaRounds_Training_MovesTheBasesByATenthTowardsTheBatchs()
    {
        using TensorScope scope = new();
        using ExpectationMaximisationRounds rounds = new(Dim, 8, 3, Generator);
        rounds.To(ScalarType.Float64);
        double[] before = rounds.Bases.ToArray<double>();
        Tensor x = Random(3, Dim, 4, 5);
        rounds.Eval();
        rounds.Forward(x);
        Assert.Equal(before, rounds.Bases.ToArray<double>());

        rounds.Train();
        rounds.Forward(x);
        double[][] found = [.. Read(x).Select(map => Rounds(map, before, 8).Bases)];
        double[] mean = [.. Enumerable.Range(0, before.Length).Select(i => found.Average(bases => bases[i]))];
        Normalise(mean, 8);
        double[] after = rounds.Bases.ToArray<double>();
        Assert.All(Enumerable.Range(0, before.Length), i => Assert.Equal((0.9 * before[i]) + (0.1 * mean[i]), after[i], 1e-12));
    }

    // The released code keeps all of the rounds out of the graph: only the shortcut hands a gradient back.
    [Fact]
    public void EmaRounds_Result_HasNoGradient()
    {
        using TensorScope scope = new();
        using ExpectationMaximisationRounds rounds = new(Dim, 8, 3, Generator);
        Assert.False(rounds.Forward(Tensor.Normal([1, Dim, 3, 3], 0, 1, Generator).RequiresGrad_()).RequiresGrad);
    }

    [Fact]
    public void Ema_State_HoldsTheFixedConvolutionAndTheBasesAsBuffers()
    {
        using ExpectationMaximisation module = new(Dim, Groups, Generator);
        Assert.Equal(["ema_module.bases", "ema_mid_conv.conv.weight", "ema_mid_conv.conv.bias"], module.NamedBuffers().Select(entry => entry.Key));
        Assert.Equal(["ema_out_conv.conv.weight", "ema_out_conv.gn.weight", "ema_out_conv.gn.bias"], module.NamedParameters().Select(entry => entry.Key));
    }

    // Non-local, criss-cross and dual attention begin with their shortcut alone, so that a decoder learns from there.
    [Fact]
    public void Forward_InitialWeights_IsTheIdentityWhereTheMethodSaysSo()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Normal([2, Dim, 3, 4], 0, 1, Generator);
        ContextModule[] modules = [new NonLocalBlock(Dim, Groups, Generator), new CrissCrossAttention(Dim, Generator)];
        foreach (ContextModule module in modules)
        {
            Close.Absolute(x, module.Forward(x), 1e-6, module.GetType().Name);
            module.Dispose();
        }

        using PositionAttention position = new(Dim, 4, Generator);
        using ChannelAttention channel = new();
        Close.Absolute(x, position.Forward(x), 1e-6, "position attention");
        Close.Absolute(x, channel.Forward(x), 1e-6, "channel attention");
    }

    private static (double[] Bases, Plain Reconstruction) Rounds(Plain x, double[] start, int count = 64)
    {
        double[] bases = [.. start];
        double[][] shares = [];
        for (int round = 0; round < 3; round++)
        {
            shares = [.. Enumerable.Range(0, x.Positions).Select(p =>
                Softmax([.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, x.Channels).Sum(c => x[c, p] * bases[(c * count) + k]))]))];
            for (int k = 0; k < count; k++)
            {
                double sum = shares.Sum(share => share[k]);
                for (int c = 0; c < x.Channels; c++)
                {
                    bases[(c * count) + k] = Enumerable.Range(0, x.Positions).Sum(p => x[c, p] * shares[p][k] / sum);
                }
            }

            Normalise(bases, count);
        }

        Plain y = new(x.Channels, x.Height, x.Width);
        for (int c = 0; c < x.Channels; c++)
        {
            for (int p = 0; p < x.Positions; p++)
            {
                y[c, p] = Enumerable.Range(0, count).Sum(k => bases[(c * count) + k] * shares[p][k]);
            }
        }

        return (bases, y);
    }

    /// <summary>Length 1 for each of the columns of [D, K].</summary>
    private static void Normalise(double[] bases, int count)
    {
        for (int k = 0; k < count; k++)
        {
            double norm = Math.Sqrt(Enumerable.Range(0, bases.Length / count).Sum(c => bases[(c * count) + k] * bases[(c * count) + k]));
            for (int c = 0; c < bases.Length / count; c++)
            {
                bases[(c * count) + k] /= norm;
            }
        }
    }
}
