using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The stem (<c>StemConv</c> of the released <c>mscan.py</c>): pixels → normalised → 3×3 of stride 2 → GELU → 3×3 of stride
/// 2, a few rows at a time. Neither the normalised picture, four times as large as the picture, nor the map of half its
/// size ever exists as a whole.
/// </summary>
internal static unsafe class StemPass
{
    // Rows of the result a step, and what its rows in between may take: they should stay in the second-level cache.
    private const int MostRows = 4, LeastBand = 4;
    private const long CacheBytes = 512 * 1024;

    /// <summary>Adds the loop.</summary>
    public static void Add(PlanBuilder plan, PictureRows picture, int height, int width, Map output, NetworkWeights weights)
    {
        Map first = new(null, ConvolutionPasses.Halve(height), ConvolutionPasses.Halve(width), weights.Stem.PaddedColumns, 0, 0);
        Steps steps = new(plan.Kernels, picture, height, width, first, output, weights);
        ThreadScratch scratch = plan.TakeScratch(steps.ScratchSize);
        plan.AddBands("stem", output.Height, LeastBand, (thread, from, to) => steps.Run(scratch.Of(thread), from, to));
    }

    private sealed class Steps
    {
        private readonly KernelSet _kernels;
        private readonly PictureRows _picture;
        private readonly int _height;
        private readonly int _width;
        private readonly Map _half;
        private readonly Map _output;
        private readonly PackedMatrix _first;
        private readonly PackedMatrix _second;
        private readonly nint _pictureStride;
        private readonly nint _halfStride;
        private readonly int _rows;

        public Steps(KernelSet kernels, PictureRows picture, int height, int width, Map half, Map output, NetworkWeights weights)
        {
            (_kernels, _picture, _height, _width, _half, _output) = (kernels, picture, height, width, half, output);
            (_first, _second) = (weights.Stem, weights.Stages[0].DownSampling);
            _pictureStride = (nint)(width + 2) * NetworkWeights.PictureStride;
            _halfStride = (nint)(half.Width + 2) * half.Channels;
            long perRow = sizeof(float) * ((4 * _pictureStride) + (2 * _halfStride));
            _rows = (int)Math.Clamp(CacheBytes / perRow, 1, MostRows);
        }

        /// <summary>A result's row reads three rows of the half map, and these read seven of the picture.</summary>
        public long ScratchSize => (((4L * _rows) + 3) * _pictureStride) + (((2L * _rows) + 1) * _halfStride);

        public void Run(float* scratch, int from, int to)
        {
            float* pixels = scratch;
            float* half = scratch + (((4 * _rows) + 3) * _pictureStride);
            for (int y = from; y < to; y += _rows)
            {
                int end = Math.Min(y + _rows, to);

                // The last row of a step is the first of the next, on both maps.
                bool next = y > from;
                int firstHalf = (2 * y) - 1, firstPixel = (2 * firstHalf) - 1;
                if (next)
                {
                    Copy(half + (2 * _rows * _halfStride), half, _halfStride);
                    Copy(pixels + (((4 * _rows) + 2) * _pictureStride), pixels + (2 * _pictureStride), _pictureStride);
                }

                for (int row = firstPixel + (next ? 3 : 0); row < 4 * end; row++)
                {
                    ReadRow(row, pixels + ((row - firstPixel) * _pictureStride));
                }

                for (int row = firstHalf + (next ? 1 : 0); row < 2 * end; row++)
                {
                    HalfRow(row, pixels + (((2 * row) - 1 - firstPixel) * _pictureStride), half + ((row - firstHalf) * _halfStride));
                }

                for (int row = y; row < end; row++)
                {
                    MatrixRows windows = new(half + (2 * (row - y) * _halfStride), 2 * _half.Channels, 3 * _half.Channels, 1, 3, _halfStride);
                    _kernels.Product(windows, _output.Width, _second, _output.Row(row), _output.Channels);
                }
            }
        }

        private static void Copy(float* source, float* target, nint count) =>
            new ReadOnlySpan<float>(source, (int)count).CopyTo(new Span<float>(target, (int)count));

        private void ReadRow(int y, float* target)
        {
            Span<float> row = new(target, (int)_pictureStride);
            if (y < 0 || y >= _height)
            {
                row.Clear();
                return;
            }

            row[..NetworkWeights.PictureStride].Clear();
            row[^NetworkWeights.PictureStride..].Clear();
            _picture.Read(y, target + NetworkWeights.PictureStride);
        }

        private void HalfRow(int y, float* pixels, float* target)
        {
            Span<float> row = new(target, (int)_halfStride);
            if (y < 0 || y >= _half.Height)
            {
                row.Clear();
                return;
            }

            row[.._half.Channels].Clear();
            row[^_half.Channels..].Clear();
            const int Stride = NetworkWeights.PictureStride;
            MatrixRows windows = new(pixels, 2 * Stride, 3 * Stride, 1, 3, _pictureStride);
            _kernels.Product(windows, _half.Width, _first, target + _half.Channels, _half.Channels);
            _kernels.Gelu(target + _half.Channels, target + _half.Channels, (nint)_half.Width * _half.Channels);
        }
    }
}
