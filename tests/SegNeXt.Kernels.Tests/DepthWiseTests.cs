namespace SegNeXt.Kernels.Tests;

public sealed unsafe class DepthWiseTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWise_RandomTaps_EqualPlainLoops(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(9);
        TapRun[] runs = new TapRun[12];
        for (int trial = 0; trial < 60; trial++)
        {
            int runCount = random.Next(1, 13), channels = kernels.Pad(random.Next(1, 80)), pixels = random.Next(1, 50);
            int targetStride = channels + random.Next(0, 20), longest = 30, vector = kernels.VectorLength;

            // A pixel's channels together, or all pixels' first vectors, then all their second.
            (int sourceStride, int vectorStride) = trial % 2 == 0 ? (channels + random.Next(0, 20), vector) : (vector, (pixels + longest + random.Next(0, 5)) * vector);
            for (int run = 0; run < runCount; run++)
            {
                int length = random.Next(1, trial % 3 == 0 ? longest : 12);
                runs[run] = new TapRun(Random(random, ((long)(pixels + length - 1) * sourceStride) + ((long)channels / vector * vectorStride)), length);
            }

            using DepthWiseTaps taps = RandomTaps(random, runs.Take(runCount).Sum(run => run.Taps), channels);
            float* target = Zeros((long)pixels * targetStride);
            kernels.DepthWise(runs.AsSpan(0, runCount), taps, sourceStride, vectorStride, target, targetStride, pixels);
            for (int p = 0; p < pixels; p++)
            {
                for (int c = 0; c < channels; c++)
                {
                    double sum = taps.Bias[c];
                    for (int run = 0, tap = 0; run < runCount; run++)
                    {
                        for (int t = 0; t < runs[run].Taps; t++, tap++)
                        {
                            sum += (double)runs[run].Start[((p + t) * sourceStride) + (c / vector * vectorStride) + (c % vector)] * taps[tap][c];
                        }
                    }

                    Close(sum, target[(p * targetStride) + c], 1e-5, $"{level}, {taps.Count} taps, {channels} channels at ({p}, {c})");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWiseGelu_RandomRows_EqualsPlainLoopsAndOneRowTwo(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(13);
        float** rows = stackalloc float*[4];
        for (int trial = 0; trial < 60; trial++)
        {
            int vector = kernels.VectorLength, channels = kernels.Pad(random.Next(1, 50)), pixels = random.Next(1, 150), count = pixels * channels;
            int vectorStride = (pixels + 2 + random.Next(0, 5)) * vector;
            using DepthWiseTaps taps = RandomTaps(random, 9, channels);
            for (int r = 0; r < 4; r++)
            {
                rows[r] = Random(random, (long)channels / vector * vectorStride);
            }

            float* both = Zeros(2L * count), one = Zeros(2L * count);
            kernels.DepthWiseGelu(rows, vectorStride, 2, taps, both, pixels);
            kernels.DepthWiseGelu(rows, vectorStride, 1, taps, one, pixels);
            kernels.DepthWiseGelu(rows + 1, vectorStride, 1, taps, one + count, pixels);
            Assert.Equal(new Span<float>(one, 2 * count).ToArray(), new Span<float>(both, 2 * count).ToArray());
            float* sums = Zeros(2L * count);
            for (int y = 0; y < 2; y++)
            {
                for (int i = 0; i < count; i++)
                {
                    int c = i % channels, first = (c / vector * vectorStride) + (i / channels * vector) + (c % vector);
                    double sum = taps.Bias[c];
                    for (int t = 0; t < 9; t++)
                    {
                        sum += (double)rows[y + (t / 3)][first + (t % 3 * vector)] * taps[t][c];
                    }

                    sums[(y * count) + i] = (float)(sum * kernels.GeluUnit);
                }
            }

            kernels.Gelu(sums, sums, 2 * count);
            for (int i = 0; i < 2 * count; i++)
            {
                Close(sums[i], both[i] * kernels.GeluUnit, 1e-5, $"{level}, {channels} channels, {pixels} pixels at {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWiseColumns_RandomStrips_EqualPlainLoopsAndRowsOneByOne(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(10);
        float** sources = stackalloc float*[30];
        TapRun[] runs = new TapRun[22];
        for (int trial = 0; trial < 60; trial++)
        {
            int length = random.Next(3, 22), channels = kernels.Pad(random.Next(1, 50)), pixels = random.Next(1, 30), rows = KernelSet.ColumnRows;
            int offset = random.Next(0, 40), sourceStride = channels + random.Next(0, 20), targetStride = channels + random.Next(0, 20), rowStride = (pixels * targetStride) + random.Next(0, 20);
            using DepthWiseTaps taps = RandomTaps(random, length, channels);
            for (int r = 0; r < length + rows - 1; r++)
            {
                sources[r] = Random(random, offset + ((long)pixels * sourceStride));
            }

            float* target = Zeros((long)rows * rowStride), single = Zeros((long)rows * rowStride);
            kernels.DepthWiseColumns(sources, offset, taps, sourceStride, target, targetStride, rowStride, pixels);
            for (int i = 0; i < rows * pixels * channels; i++)
            {
                (int row, int p, int c) = (i / (pixels * channels), i / channels % pixels, i % channels);
                double sum = taps.Bias[c];
                for (int t = 0; t < length; t++)
                {
                    sum += (double)sources[row + t][offset + (p * sourceStride) + c] * taps[t][c];
                }

                Close(sum, target[(row * rowStride) + (p * targetStride) + c], 1e-5, $"{level}, {length} at ({row}, {p}, {c})");
            }

            for (int row = 0; row < rows; row++)
            {
                for (int t = 0; t < length; t++)
                {
                    runs[t] = new(sources[row + t] + offset, 1);
                }

                kernels.DepthWise(runs.AsSpan(0, length), taps, sourceStride, single + (row * rowStride), targetStride, pixels);
            }

            Assert.Equal(new Span<float>(single, rows * rowStride).ToArray(), new Span<float>(target, rows * rowStride).ToArray());
        }
    }

    private DepthWiseTaps RandomTaps(Random random, int count, int channels)
    {
        DepthWiseTaps taps = new(count, channels);
        for (int t = 0; t < count; t++)
        {
            new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps[t]);
        }

        new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps.Bias);
        return taps;
    }
}
