namespace SegNeXt.Kernels;

/// <summary>One row of pixels of a depth-wise convolution, cut into <see cref="DepthWiseTile"/>s.</summary>
internal static unsafe class DepthWiseRow
{
    /// <summary>Computes pixels 0 to <paramref name="pixels"/> − 1 of a row.</summary>
    public static void Run<TSimd, TVector>(
        ReadOnlySpan<TapRun> runs, float* weights, nint weightStride, float* bias, int channels, nint pixelStride, nint vectorStride, float* target, nint targetStride, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int x = 0, count = runs.Length;
        fixed (TapRun* first = runs)
        {
            if (TSimd.TileRows == 12)
            {
                // A tile of four waits for its own sums, and takes as long as one of eight: 16 are twice 8, not 12 and 4.
                int wide = pixels % Size12.Count == Size4.Count && pixels > Size12.Count ? pixels - (2 * Size8.Count) : pixels;
                x = Tiles<TSimd, TVector, Size12>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, wide);
                x = Tiles<TSimd, TVector, Size8>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
                x = Tiles<TSimd, TVector, Size4>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
            }
            else
            {
                x = Tiles<TSimd, TVector, Size12>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
                x = Tiles<TSimd, TVector, Size8>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
                x = Tiles<TSimd, TVector, Size4>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
                x = Tiles<TSimd, TVector, Size2>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
            }

            Tiles<TSimd, TVector, Size1>(first, count, weights, weightStride, bias, channels, pixelStride, vectorStride, target, targetStride, x, pixels);
        }
    }

    private static int Tiles<TSimd, TVector, TPixels>(
        TapRun* runs, int count, float* weights, nint weightStride, float* bias, int channels, nint pixelStride, nint vectorStride, float* target, nint targetStride, int x, int pixels)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPixels : struct, ITileSize
    {
        for (; x + TPixels.Count <= pixels; x += TPixels.Count)
        {
            nint from = x * pixelStride;
            float* to = target + (x * targetStride);
            for (int c = 0; c < channels; c += TSimd.Count, from += vectorStride)
            {
                if (TSimd.TileRows == 12)
                {
                    DepthWiseTile.Run<TSimd, TVector, TPixels>(runs, count, from, pixelStride, weights + c, weightStride, bias + c, to + c, targetStride);
                }
                else
                {
                    DepthWiseOperands.Run<TSimd, TVector, TPixels>(runs, count, from, pixelStride, weights + c, weightStride, bias + c, to + c, targetStride);
                }
            }
        }

        return x;
    }
}
