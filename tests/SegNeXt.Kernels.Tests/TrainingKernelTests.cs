namespace SegNeXt.Kernels.Tests;

public sealed unsafe class TrainingKernelTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void GeluBackward_AllMagnitudes_IsWithinItsBound(InstructionLevel level)
    {
        TrainingKernels kernels = TrainingKernels.For(level);
        const int Count = 1 << 14;
        float* x = Zeros(Count), d = Zeros(Count), slope = Zeros(Count);
        for (int i = 0; i < Count; i++)
        {
            x[i] = (i - (Count / 2)) * (24f / Count);
            d[i] = 1;
        }

        float* value = Zeros(Count);
        new ReadOnlySpan<float>(x, Count).CopyTo(new Span<float>(value, Count));
        kernels.GeluBackward(value, d, slope, Count);
        for (int i = 0; i < Count; i++)
        {
            double z = x[i], phi = Phi(z);
            Close(z * phi, value[i], 1e-6 * Math.Max(1, Math.Abs(z)), $"GELU({z})");
            Close(phi + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)), slope[i], 1e-6, $"GELU'({z})");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWiseGradient_RandomTaps_EqualsPlainLoops(InstructionLevel level)
    {
        TrainingKernels kernels = TrainingKernels.For(level);
        Random random = new(4);
        float** taps = stackalloc float*[40];
        for (int count = 0; count <= 40; count++)
        {
            int channels = 16 * random.Next(1, 5), pixels = random.Next(1, 40), stride = channels + (16 * random.Next(3)), gradientStride = channels + 16;
            float* dy = Random(random, pixels * stride);
            float* gradient = Random(random, (count + 1) * gradientStride);
            float[] before = new ReadOnlySpan<float>(gradient, (count + 1) * gradientStride).ToArray();
            for (int t = 0; t < count; t++)
            {
                taps[t] = Random(random, pixels * stride);
            }

            kernels.DepthWiseGradient(taps, count, stride, dy, stride, pixels, channels, gradient, gradientStride);
            for (int i = 0; i < before.Length; i++)
            {
                (int t, int c) = Math.DivRem(i, gradientStride);
                double sum = before[i];
                for (int p = 0; p < pixels && t < count && c < channels; p++)
                {
                    sum += (double)taps[t][(p * stride) + c] * dy[(p * stride) + c];
                }

                Close(sum, gradient[i], 2e-5, $"{level}, tap {t} of {count}, channel {c}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Sums_RandomPixels_EqualPlainLoops(InstructionLevel level)
    {
        TrainingKernels kernels = TrainingKernels.For(level);
        Random random = new(6);
        const int Most = 80;
        double* exact = stackalloc double[Most], centred = stackalloc double[Most], squares = stackalloc double[Most];
        for (int trial = 0; trial < 30; trial++)
        {
            int channels = 16 * random.Next(1, 6), pixels = random.Next(1, 100);
            float* x = Random(random, pixels * channels), y = Random(random, pixels * channels), mean = Random(random, channels);
            float* sums = Zeros(channels), products = Zeros(channels);
            new Span<double>(exact, Most).Clear();
            new Span<double>(centred, Most).Clear();
            new Span<double>(squares, Most).Clear();
            kernels.AddChannels(x, pixels, channels, sums);
            kernels.AddProducts(x, y, pixels, channels, products);
            kernels.SumChannels(x, pixels, channels, exact);
            kernels.SumCentred(x, mean, y, pixels, channels, centred);
            kernels.SumCentred(x, mean, null, pixels, channels, squares);
            for (int c = 0; c < channels; c++)
            {
                double sum = 0, product = 0, byMean = 0, square = 0;
                for (int p = 0; p < pixels; p++)
                {
                    double v = x[(p * channels) + c], w = y[(p * channels) + c];
                    sum += v;
                    product += v * w;
                    byMean += (v - mean[c]) * w;
                    square += (v - mean[c]) * (v - mean[c]);
                }

                Close(sum, sums[c], 2e-5, "sum");
                Close(product, products[c], 2e-5, "sum of products");
                Close(sum, (float)exact[c], 2e-5, "sum in doubles");
                Close(byMean, (float)centred[c], 2e-5, "centred products");
                Close(square, (float)squares[c], 1e-4, "centred squares");
            }
        }
    }

    /// <summary>Φ, by the series of erf where it converges fast and by its continued fraction elsewhere.</summary>
    private static double Phi(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2), erf;
        if (z < 3)
        {
            double term = z, sum = z;
            for (int n = 1; n < 100; n++)
            {
                term *= -z * z / n;
                sum += term / ((2 * n) + 1);
            }

            erf = 2 / Math.Sqrt(Math.PI) * sum;
        }
        else
        {
            double fraction = 0;
            for (int n = 60; n > 0; n--)
            {
                fraction = n / 2.0 / (z + fraction);
            }

            erf = 1 - (Math.Exp(-z * z) / Math.Sqrt(Math.PI) / (z + fraction));
        }

        return 0.5 * (1 + (Math.Sign(x) * erf));
    }
}
