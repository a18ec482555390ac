namespace SegNeXt.Kernels;

/// <summary>
/// Neighbouring taps of a depth-wise convolution: a row of its kernel, 1 × <paramref name="taps"/>. They read pixels that lie
/// beside each other, so that a pixel is read once for all of them.
/// </summary>
/// <param name="start">What the first tap reads for the first pixel of the result.</param>
/// <param name="taps">Number of taps, at least 1.</param>
public readonly unsafe struct TapRun(float* start, int taps)
{
    /// <summary>What the first tap reads for the first pixel of the result.</summary>
    public float* Start { get; } = start;

    /// <summary>Number of taps.</summary>
    public int Taps { get; } = taps;
}
