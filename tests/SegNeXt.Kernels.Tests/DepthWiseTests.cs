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
}
