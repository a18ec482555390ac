using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels;

/// <summary>
/// The kernels that training needs beside <see cref="KernelSet"/>'s, compiled for one instruction level. Counts and
/// channels are whole multiples of <see cref="TrainingShape.ChannelStep"/>; strides are in floats.
/// </summary>
internal abstract unsafe class TrainingKernels
{
    private static readonly TrainingKernels s_portable = new TrainingKernels<Simd128, Vector128<float>>();
    private static readonly TrainingKernels s_avx2 = new TrainingKernels<Simd256, Vector256<float>>();
    private static readonly TrainingKernels s_avx512 = new TrainingKernels<Simd512, Vector512<float>>();

    /// <summary>The set of a level that the machine has.</summary>
    public static TrainingKernels For(InstructionLevel level) => level switch
    {
        InstructionLevel.Avx512 => s_avx512,
        InstructionLevel.Avx2 => s_avx2,
        _ => s_portable,
    };

    /// <summary>A row of pixels of a depth-wise convolution: bias plus the sum over the taps.</summary>
    /// <param name="runs">The taps.</param>
    /// <param name="weights">The first tap's weights, a number a channel.</param>
    /// <param name="weightStride">Floats from one tap's weights to the next tap's.</param>
    /// <param name="bias">A number a channel.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The result's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="channels">Number of channels.</param>
    public abstract void DepthWise(
        ReadOnlySpan<TapRun> runs, float* weights, nint weightStride, float* bias, nint pixelStride, float* target, nint targetStride, int pixels, int channels);

    /// <summary>Adds to each tap's weights' gradient the sum over a row of pixels of what the tap reads times dy.</summary>
    /// <param name="taps">For each tap, what it reads for the first pixel.</param>
    /// <param name="count">Number of taps.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="dy">The gradient of the result's first pixel.</param>
    /// <param name="dyStride">Floats from one of its pixels to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="gradient">The first tap's sums.</param>
    /// <param name="gradientStride">Floats from one tap's sums to the next tap's.</param>
    public abstract void DepthWiseGradient(
        float** taps, int count, nint pixelStride, float* dy, nint dyStride, int pixels, int channels, float* gradient, nint gradientStride);

    /// <summary>sums[c] += Σ x[p, c].</summary>
    public abstract void AddChannels(float* x, nint pixels, int channels, float* sums);

    /// <summary>sums[c] += Σ x[p, c]·y[p, c].</summary>
    public abstract void AddProducts(float* x, float* y, nint pixels, int channels, float* sums);

    /// <summary>sums[c] += Σ x[p, c], through sums of few pixels in single precision.</summary>
    public abstract void SumChannels(float* x, nint pixels, int channels, double* sums);

    /// <summary>sums[c] += Σ (x[p, c] − mean[c])·y[p, c]; without y its place is taken by the first factor.</summary>
    public abstract void SumCentred(float* x, float* mean, float* y, nint pixels, int channels, double* sums);

    /// <summary>target = x · scale + shift; scale and shift are per channel.</summary>
    public abstract void Affine(float* x, float* scale, float* shift, float* target, nint pixels, int channels);

    /// <summary>target = plus + a·(dy − b − (x − mean)·k); all but x, dy, plus are per channel, and plus may be null.</summary>
    public abstract void NormBackward(
        float* x, float* dy, float* plus, float* mean, float* a, float* b, float* k, float* target, nint pixels, int channels);

    /// <summary>target = d · GELU′(x), then x = GELU(x).</summary>
    public abstract void GeluBackward(float* x, float* d, float* target, nint count);

    /// <summary>target = (a + b) · GELU′(x).</summary>
    public abstract void GeluGradientOfSum(float* x, float* a, float* b, float* target, nint count);

    /// <summary>target = x · numerator / denominator.</summary>
    public abstract void Ratio(float* x, float* numerator, float* denominator, float* target, nint count);

    /// <summary>
    /// Of y = x · n / d, with g the gradient by y: byNumerator = g·x/d, byDenominator = −g·y/d, then g = g·n/d, what goes
    /// straight to x.
    /// </summary>
    public abstract void RatioBackward(
        float* numerator, float* x, float* y, float* denominator, float* g, float* byNumerator, float* byDenominator, nint count);

    /// <summary>target = a · b.</summary>
    public abstract void Multiply(float* a, float* b, float* target, nint count);

    /// <summary>Copies <see cref="TrainingShape.ChannelStep"/> channels of pixels that lie at different strides.</summary>
    public abstract void CopyPixels(float* x, nint stride, float* target, nint targetStride, int pixels);

    /// <summary>A row of pixels of a cross entropy: <see cref="CrossEntropyRow"/>.</summary>
    public abstract double CrossEntropy(in CrossEntropyRow row);

    /// <summary>target += f · x.</summary>
    public abstract void AddScaled(float* x, float f, float* target, nint count);
}

/// <summary>The kernels for one kind of vector.</summary>
internal sealed unsafe class TrainingKernels<TSimd, TVector> : TrainingKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public override void DepthWise(
        ReadOnlySpan<TapRun> runs, float* weights, nint weightStride, float* bias, nint pixelStride, float* target, nint targetStride, int pixels, int channels) =>
        DepthWiseRow.Run<TSimd, TVector>(runs, weights, weightStride, bias, channels, pixelStride, TSimd.Count, target, targetStride, pixels);

    /// <inheritdoc/>
    public override void DepthWiseGradient(
        float** taps, int count, nint pixelStride, float* dy, nint dyStride, int pixels, int channels, float* gradient, nint gradientStride) =>
        DepthWiseGradientTile.RunRow<TSimd, TVector>(taps, count, pixelStride, dy, dyStride, pixels, channels, gradient, gradientStride);

    /// <inheritdoc/>
    public override void AddChannels(float* x, nint pixels, int channels, float* sums) =>
        ChannelSums.Add<TSimd, TVector>(x, null, pixels, channels, sums);

    /// <inheritdoc/>
    public override void AddProducts(float* x, float* y, nint pixels, int channels, float* sums) =>
        ChannelSums.Add<TSimd, TVector>(x, y, pixels, channels, sums);

    /// <inheritdoc/>
    public override void SumChannels(float* x, nint pixels, int channels, double* sums) =>
        ChannelSums.Sum<TSimd, TVector>(x, null, null, pixels, channels, sums);

    /// <inheritdoc/>
    public override void SumCentred(float* x, float* mean, float* y, nint pixels, int channels, double* sums) =>
        ChannelSums.Sum<TSimd, TVector>(x, mean, y, pixels, channels, sums);

    /// <inheritdoc/>
    public override void Affine(float* x, float* scale, float* shift, float* target, nint pixels, int channels) =>
        ChannelMaps.Affine<TSimd, TVector>(x, scale, shift, target, pixels, channels);

    /// <inheritdoc/>
    public override void NormBackward(
        float* x, float* dy, float* plus, float* mean, float* a, float* b, float* k, float* target, nint pixels, int channels) =>
        ChannelMaps.NormBackward<TSimd, TVector>(x, dy, plus, mean, a, b, k, target, pixels, channels);

    /// <inheritdoc/>
    public override void GeluBackward(float* x, float* d, float* target, nint count) => ChannelMaps.GeluBackward<TSimd, TVector>(x, d, target, count);

    /// <inheritdoc/>
    public override void GeluGradientOfSum(float* x, float* a, float* b, float* target, nint count) =>
        ChannelMaps.GeluGradientOfSum<TSimd, TVector>(x, a, b, target, count);

    /// <inheritdoc/>
    public override void Ratio(float* x, float* numerator, float* denominator, float* target, nint count) =>
        ChannelMaps.Ratio<TSimd, TVector>(x, numerator, denominator, target, count);

    /// <inheritdoc/>
    public override void RatioBackward(
        float* numerator, float* x, float* y, float* denominator, float* g, float* byNumerator, float* byDenominator, nint count) =>
        ChannelMaps.RatioBackward<TSimd, TVector>(numerator, x, y, denominator, g, byNumerator, byDenominator, count);

    /// <inheritdoc/>
    public override void Multiply(float* a, float* b, float* target, nint count) => ChannelMaps.Multiply<TSimd, TVector>(a, b, target, count);

    /// <inheritdoc/>
    public override void CopyPixels(float* x, nint stride, float* target, nint targetStride, int pixels) =>
        ChannelMaps.CopyPixels<TSimd, TVector>(x, stride, target, targetStride, pixels);

    /// <inheritdoc/>
    public override double CrossEntropy(in CrossEntropyRow row) => row.Run<TSimd, TVector>();

    /// <inheritdoc/>
    public override void AddScaled(float* x, float f, float* target, nint count) => ChannelMaps.AddScaled<TSimd, TVector>(x, f, target, count);
}
