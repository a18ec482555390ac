namespace SegNeXt.Kernels.Tests;

/// <summary>Every kernel at every instruction level that the machine has, over random shapes, against plain loops.</summary>
public abstract unsafe class KernelTest : IDisposable
{
    private readonly List<AlignedBuffer> _buffers = [];

    public static TheoryData<InstructionLevel> Levels => [.. InstructionLevels.Available];

    public void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Numbers in [−1, 1).</summary>
    protected float* Random(Random random, long count)
    {
        float* data = Zeros(count);
        for (long i = 0; i < count; i++)
        {
            data[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return data;
    }

    protected float* Zeros(long count)
    {
        AlignedBuffer buffer = new(count);
        _buffers.Add(buffer);
        return buffer.Data;
    }

    protected static void Close(double expected, float actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{what}: {actual} instead of {expected}");
}
