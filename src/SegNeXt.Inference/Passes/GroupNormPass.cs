using System.Runtime.InteropServices;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Group norm over a map in two halves: sums per channel, which each loop that writes the map takes along part by part,
/// and then one scale and shift per channel, which the next loop applies. The parts, chunks or rows, depend on the map alone, and their
/// sums are added in their order, so the result does not depend on the number of threads.
/// </summary>
internal sealed unsafe class GroupNormPass
{
    private const double Epsilon = 1e-5;

    private readonly KernelSet _kernels;
    private readonly GroupNormWeights _weights;
    private readonly int _parts;
    private readonly long _pixels;
    private readonly int _channels;
    private readonly double* _sums;

    /// <summary>Takes memory.</summary>
    /// <param name="plan">Where from.</param>
    /// <param name="weights">Gain and bias.</param>
    /// <param name="parts">Parts of the map.</param>
    /// <param name="pixels">Pixels of the map.</param>
    public GroupNormPass(PlanBuilder plan, GroupNormWeights weights, int parts, long pixels)
    {
        _kernels = plan.Kernels;
        _weights = weights;
        _parts = parts;
        _pixels = pixels;
        _channels = _kernels.Pad(weights.Gain.Length);
        _sums = (double*)plan.Arena.Take(4L * parts * _channels);
        Scale = plan.Arena.Take(_channels);
        Shift = plan.Arena.Take(_channels);
    }

    /// <summary>A number a channel, there after <see cref="AddFinish"/>'s phase.</summary>
    public float* Scale { get; }

    /// <summary>A number a channel, there after <see cref="AddFinish"/>'s phase.</summary>
    public float* Shift { get; }

    /// <summary>Takes a piece of a part into account, or a whole one; pieces in their order.</summary>
    /// <param name="part">The part.</param>
    /// <param name="first">Whether it is the part's first piece.</param>
    /// <param name="count">Number of pixels.</param>
    /// <param name="pixels">Their values.</param>
    public void Observe(int part, bool first, int count, float* pixels)
    {
        double* sums = _sums + (2L * part * _channels);
        if (first)
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
        double count = (double)perGroup * _pixels;
        for (int g = 0; g < _weights.Groups; g++)
        {
            double sum = 0, squares = 0;
            for (int part = 0; part < _parts; part++)
            {
                double* sums = _sums + (2L * part * _channels);
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
