namespace SegNeXt.Kernels.Tests;

public sealed unsafe class DepthWiseTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWise_RandomTaps_EqualPlainLoops(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(9);
        float** sources = stackalloc float*[40];
        for (int trial = 0; trial < 60; trial++)
        {
            int count = random.Next(1, 41), channels = kernels.Pad(random.Next(1, 80)), pixels = random.Next(1, 50);
            int sourceStride = channels + random.Next(0, 20), targetStride = channels + random.Next(0, 20);
            using DepthWiseTaps taps = new(count, channels);
            for (int t = 0; t < count; t++)
            {
                sources[t] = Random(random, (long)pixels * sourceStride);
                new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps[t]);
            }

            new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps.Bias);
            float* target = Zeros((long)pixels * targetStride);
            kernels.DepthWise(sources, taps, sourceStride, target, targetStride, pixels);
            for (int p = 0; p < pixels; p++)
            {
                for (int c = 0; c < channels; c++)
                {
                    double sum = taps.Bias[c];
                    for (int t = 0; t < count; t++)
                    {
                        sum += (double)sources[t][(p * sourceStride) + c] * taps[t][c];
                    }

                    Close(sum, target[(p * targetStride) + c], 1e-5, $"{level}, {count} taps, {channels} channels at ({p}, {c})");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void DepthWiseColumns_RandomStrips_EqualPlainLoops(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(10);
        float** sources = stackalloc float*[120];
        for (int trial = 0; trial < 40; trial++)
        {
            int[] lengths = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 22))];
            int channels = kernels.Pad(random.Next(1, 50)), pixels = random.Next(1, 30), rows = KernelSet.ColumnRows;
            int sourceStride = channels + random.Next(0, 20), targetStride = channels + random.Next(0, 20), rowStride = (pixels * targetStride) + random.Next(0, 20);
            using DepthWiseTaps taps = new(lengths.Sum(), channels);
            for (int t = 0; t < taps.Count; t++)
            {
                new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps[t]);
            }

            new ReadOnlySpan<float>(Random(random, channels), channels).CopyTo(taps.Bias);
            int count = 0;
            foreach (int length in lengths)
            {
                for (int r = 0; r < length + rows - 1; r++)
                {
                    sources[count++] = Random(random, (long)pixels * sourceStride);
                }
            }

            float* target = Zeros((long)rows * rowStride);
            kernels.DepthWiseColumns(sources, lengths, taps, sourceStride, target, targetStride, rowStride, pixels);
            for (int i = 0; i < rows * pixels * channels; i++)
            {
                (int row, int p, int c) = (i / (pixels * channels), i / channels % pixels, i % channels);
                double sum = taps.Bias[c];
                for (int strip = 0, first = 0, tap = 0; strip < lengths.Length; first += lengths[strip++] + rows - 1)
                {
                    for (int t = 0; t < lengths[strip]; t++, tap++)
                    {
                        sum += (double)sources[first + row + t][(p * sourceStride) + c] * taps[tap][c];
                    }
                }

                Close(sum, target[(row * rowStride) + (p * targetStride) + c], 1e-5, $"{level}, {string.Join(',', lengths)} at ({row}, {p}, {c})");
            }
        }
    }
}
