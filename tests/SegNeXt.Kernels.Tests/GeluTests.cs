namespace SegNeXt.Kernels.Tests;

public sealed unsafe class GeluTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void Gelu_WholeRange_WithinStatedBound(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        const int Count = 40_001;
        float* values = Zeros(Count);
        for (int i = 0; i < Count; i++)
        {
            values[i] = (i - 20_000) * 1e-3f;
        }

        // By table at the highest level, by a polynomial at the others.
        double bound = level == InstructionLevel.Avx512 ? 3e-7 : 1e-6;
        kernels.Gelu(values, values, Count);
        for (int i = 0; i < Count; i++)
        {
            double x = (i - 20_000) * 1e-3f;
            Close(x / 2 * (1 + Erf(x / Math.Sqrt(2))), values[i], bound * Math.Max(1, Math.Abs(x)), $"{level}, GELU({x})");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Gelu_ShorterThanAVector_LeavesTheRest(InstructionLevel level)
    {
        float* values = Zeros(40);
        new Span<float>(values, 40).Fill(1);
        KernelSet.For(level).Gelu(values, values, 37);
        Assert.All(new Span<float>(values, 37).ToArray(), value => Assert.Equal(0.8413447, value, 6));
        Assert.Equal([1f, 1f, 1f], new Span<float>(values + 37, 3).ToArray());
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Gelu_NoNumberOrInfinite_StaysSo(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        float* values = Zeros(16);
        new Span<float>(values, 16).Fill(float.NaN);
        values[0] = float.PositiveInfinity;
        values[1] = -1e30f;
        kernels.Gelu(values, values, 16);
        Assert.Equal(float.PositiveInfinity, values[0]);
        Assert.InRange(values[1], -1e24f, 1e24f);
        Assert.All(new Span<float>(values + 2, 14).ToArray(), value => Assert.Equal(float.NaN, value));
    }

    /// <summary>By its series near 0 and by its continued fraction beyond, to 1e-14.</summary>
    private static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = 0;
        for (int k = 100; k > 0; k--)
        {
            fraction = k / 2.0 / (a + fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction)));
    }
}
