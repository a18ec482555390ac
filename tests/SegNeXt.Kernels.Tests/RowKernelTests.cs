namespace SegNeXt.Kernels.Tests;

public sealed unsafe class RowKernelTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void LayerNorm_ChannelsThatFillNoVector_EqualsDefinition(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(10);
        foreach (int channels in new[] { 3, 16, 40, 160 })
        {
            int stride = kernels.Pad(channels), pixels = 5;
            float* x = Zeros((long)pixels * stride), y = Zeros((long)pixels * stride), gain = Zeros(stride), bias = Zeros(stride);
            for (int c = 0; c < channels; c++)
            {
                (gain[c], bias[c]) = ((float)random.NextDouble(), (float)random.NextDouble());
                for (int p = 0; p < pixels; p++)
                {
                    x[(p * stride) + c] = (float)((10 * random.NextDouble()) + 3);
                }
            }

            kernels.LayerNorm(x, gain, bias, y, pixels, channels, 1e-5f);
            for (int p = 0; p < pixels; p++)
            {
                double[] row = [.. new Span<float>(x + (p * stride), channels).ToArray().Select(v => (double)v)];
                double mean = row.Average(), variance = row.Average(v => (v - mean) * (v - mean));
                for (int c = 0; c < stride; c++)
                {
                    double expected = c < channels ? ((row[c] - mean) / Math.Sqrt(variance + 1e-5) * gain[c]) + bias[c] : 0;
                    Close(expected, y[(p * stride) + c], 2e-5, $"{level}, {channels} channels at ({p}, {c})");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Elementwise_RandomNumbers_EqualDefinitions(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(11);
        int channels = kernels.Pad(20), pixels = 70, count = channels * pixels;
        float* x = Random(random, count), plus = Random(random, count), scale = Random(random, channels), shift = Random(random, channels), y = Zeros(count);
        kernels.ScaleShiftRelu(x, plus, scale, shift, y, pixels, channels);
        double* sums = stackalloc double[channels], squares = stackalloc double[channels];
        new Span<double>(sums, channels).Clear();
        new Span<double>(squares, channels).Clear();
        kernels.ChannelSums(x, pixels, channels, sums, squares);
        float* mixed = Zeros(count), updated = Zeros(count), added = Zeros(count);
        kernels.Mix(x, plus, 0.3f, mixed, count);
        new Span<float>(x, count).CopyTo(new Span<float>(updated, count));
        kernels.MultiplicativeUpdate(updated, plus, y, 0.5f, count);
        kernels.Add(x, added, count);
        kernels.Add(plus, added, count);
        for (int i = 0; i < count; i++)
        {
            int c = i % channels;
            Close(Math.Max(((double)x[i] * scale[c]) + shift[c] + plus[i], 0), y[i], 1e-6, $"{level}, relu {i}");
            Close((0.7 * x[i]) + (0.3 * plus[i]), mixed[i], 1e-6, $"{level}, mix {i}");
            Close((double)x[i] * plus[i] / (y[i] + 0.5), updated[i], 1e-5, $"{level}, update {i}");
            Close((double)x[i] + plus[i], added[i], 1e-6, $"{level}, add {i}");
        }

        for (int c = 0; c < channels; c++)
        {
            double sum = 0, square = 0;
            for (int p = 0; p < pixels; p++)
            {
                sum += x[(p * channels) + c];
                square += (double)x[(p * channels) + c] * x[(p * channels) + c];
            }

            Close(sum, (float)sums[c], 1e-4, $"{level}, sum {c}");
            Close(square, (float)squares[c], 1e-4, $"{level}, squares {c}");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void AddMix_TwoPixelsEach_EqualsDefinition(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(12);
        int channels = kernels.Pad(7);
        float* row = Random(random, 4L * channels), target = Random(random, 3L * channels), before = Zeros(3L * channels);
        new Span<float>(target, 3 * channels).CopyTo(new Span<float>(before, 3 * channels));
        int* first = stackalloc int[] { 0, 2, 3 }, second = stackalloc int[] { 1, 3, 3 };
        float* fraction = stackalloc float[] { 0.25f, 0.5f, 0.9f };
        kernels.AddMix(row, first, second, fraction, target, 3, channels);
        for (int i = 0; i < 3 * channels; i++)
        {
            (int p, int c) = (i / channels, i % channels);
            double expected = before[i] + ((1 - fraction[p]) * row[(first[p] * channels) + c]) + (fraction[p] * row[(second[p] * channels) + c]);
            Close(expected, target[i], 1e-6, $"{level} at ({p}, {c})");
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Softmax_RandomRows_EqualsDefinition(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(12);
        foreach (int count in (int[])[1, 5, 16, 31, 64])
        {
            int stride = kernels.Pad(count), rows = random.Next(1, 9);
            float* x = Random(random, (long)rows * stride), target = Random(random, (long)rows * stride);
            for (int i = 0; i < rows * stride; i++)
            {
                x[i] *= 30;
            }

            kernels.Softmax(x, target, rows, count, stride);
            for (int row = 0; row < rows; row++)
            {
                double most = Enumerable.Range(0, count).Max(c => (double)x[(row * stride) + c]);
                double sum = Enumerable.Range(0, count).Sum(c => Math.Exp(x[(row * stride) + c] - most));
                for (int c = 0; c < stride; c++)
                {
                    double expected = c < count ? Math.Exp(x[(row * stride) + c] - most) / sum : 0;
                    Close(expected, target[(row * stride) + c], 1e-6, $"{level}, row {row} of {count} at {c}");
                }
            }
        }
    }
}
