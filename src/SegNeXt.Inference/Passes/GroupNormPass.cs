using System.Runtime.InteropServices;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Group norm over a map in two halves: sums per channel, which each loop that writes the map takes along chunk by chunk,
/// and then one scale and shift per channel, which the next loop applies. The chunks depend on the map alone, and their
/// sums are added in their order, so the result does not depend on the number of threads.
/// </summary>
internal sealed unsafe class GroupNormPass
{
    private const double Epsilon = 1e-5;

    private readonly KernelSet _kernels;
    private readonly GroupNormWeights _weights;
    private readonly Chunks _chunks;
    private readonly int _channels;
    private readonly double* _sums;

    public GroupNormPass(PlanBuilder plan, GroupNormWeights weights, Chunks chunks)
    {
        _kernels = plan.Kernels;
        _weights = weights;
        _chunks = chunks;
        _channels = _kernels.Pad(weights.Gain.Length);
        _sums = (double*)plan.Arena.Take(4L * chunks.Count * _channels);
        Scale = plan.Arena.Take(_channels);
        Shift = plan.Arena.Take(_channels);
    }

    /// <summary>A number a channel, there after <see cref="AddFinish"/>'s phase.</summary>
    public float* Scale { get; }

    /// <summary>A number a channel, there after <see cref="AddFinish"/>'s phase.</summary>
    public float* Shift { get; }

    /// <summary>Takes a piece of a chunk into account, or a whole one; pieces in their order.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="start">The first pixel.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="pixels">Their values.</param>
    public void Observe(int chunk, int start, int count, float* pixels)
    {
        double* sums = _sums + (2L * chunk * _channels);
        if (start == _chunks.Start(chunk))
        {
            NativeMemory.Clear(sums, 2 * (nuint)_channels * sizeof(double));
        }

        _kernels.ChannelSums(pixels, count, _channels, sums, sums + _channels);
    }

    /// <summary>Adds the step from sums to scale and shift.</summary>
    public void AddFinish(PlanBuilder plan) => plan.Add("group norm", 1, (_, _) => Finish());

    private void Finish()
    {
        int channels = _weights.Gain.Length, perGroup = channels / _weights.Groups;
        double count = (double)perGroup * _chunks.Pixels;
        for (int g = 0; g < _weights.Groups; g++)
        {
            double sum = 0, squares = 0;
            for (int chunk = 0; chunk < _chunks.Count; chunk++)
            {
                double* sums = _sums + (2L * chunk * _channels);
                for (int c = g * perGroup; c < (g + 1) * perGroup; c++)
                {
                    sum += sums[c];
                    squares += sums[_channels + c];
                }
            }

            double mean = sum / count;
            double inverse = 1 / Math.Sqrt(Math.Max((squares / count) - (mean * mean), 0) + Epsilon);
            for (int c = g * perGroup; c < (g + 1) * perGroup; c++)
            {
                Scale[c] = (float)(_weights.Gain[c] * inverse);
                Shift[c] = (float)(_weights.Bias[c] - (mean * inverse * _weights.Gain[c]));
            }
        }

        for (int c = channels; c < _channels; c++)
        {
            Scale[c] = Shift[c] = 0;
        }
    }
}
