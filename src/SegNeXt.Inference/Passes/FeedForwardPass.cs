using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The feed-forward half of a block: x + ls2 · fc2(GELU(dw3×3(fc1(norm2(x))))), by tiles and slices of hidden
/// channels. Four rows of a slice are all that ever exists of the hidden map, which is up to eight times as deep as x.
/// Cost a pixel: 2 · C · hidden + 9 · hidden multiply-adds.
/// </summary>
internal static unsafe class FeedForwardPass
{
    // Rows that are computed together, and their pixels between depth-wise convolution and fc2: about as many as stay in the
    // first-level cache, in units that a tile of pixels is cut by. The ring holds what the rows read.
    private const int Rows = 2, MostStrip = 44, StripUnit = 4, Ring = Rows + 2;

    // A tile's hidden rows stay in the second-level cache. The rows of its edges are computed by two tiles.
    private const int MostColumns = 128, MostRows = 128, LeastRows = 4;

    // A map of fewer is small.
    private const int FewRows = 64;

    /// <summary>
    /// Parts that the hidden channels are computed in, each with a result of its own. Of a small map two threads take the halves
    /// of the channels: halves of the map would have more edge, and each thread would read all weights.
    /// </summary>
    /// <remarks>It depends on the map alone, so that the order of the sums does not depend on the threads.</remarks>
    public static int Parts(int height, int width, BlockWeights block) =>
        height < FewRows && width <= MostColumns && block.Hidden.Length > 1 ? 2 : 1;

    /// <summary>Floats that a thread needs.</summary>
    public static long ScratchSize(int width, BlockWeights block) =>
        (((Ring + 1L) * (Math.Min(width, MostColumns) + 2)) + (Rows * MostStrip)) * block.Hidden.Max(slice => slice.Channels);

    /// <summary>
    /// Adds the loop over some rows. <paramref name="output"/> is another map than <paramref name="x"/>: neighbouring tiles
    /// read its rows. Of two <see cref="Parts"/> the second's result goes to <paramref name="rest"/>, to be added later.
    /// </summary>
    public static void Add(PlanBuilder plan, Map x, Map output, Map rest, int parts, BlockWeights block, ThreadScratch scratch, int top, int bottom)
    {
        KernelSet kernels = plan.Kernels;
        int slices = block.Hidden.Length;
        int[] passes = [.. Enumerable.Range(0, parts).Select(part => PlanBuilder.Part(slices, part + 1, parts) - PlanBuilder.Part(slices, part, parts))];
        plan.AddSharedTiles("feed-forward", bottom - top, x.Width, passes, (MostRows, MostColumns), LeastRows, Rows, (thread, area, part, pass, rows) =>
        {
            Tile tile = area with { Top = top + area.Top, Bottom = top + area.Bottom };
            Map target = part == 0 ? output : rest;

            // The first slice of all adds to x, those after it to what there is.
            Map? plus = pass > 0 ? target : part == 0 ? x : null;
            HiddenSlice slice = block.Hidden[PlanBuilder.Part(slices, part, parts) + pass];
            new Roll(kernels, x, plus, target, slice, tile, scratch.Of(thread)).Run(top, rows);
        });
    }

    /// <summary>Rolls down a tile with one slice of hidden channels.</summary>
    private readonly struct Roll
    {
        private readonly KernelSet _kernels;
        private readonly Map _x;
        private readonly Map? _plus;
        private readonly Map _output;
        private readonly HiddenSlice _slice;
        private readonly Tile _tile;
        private readonly float* _ring;
        private readonly float* _strip;
        private readonly nint _stride;
        private readonly nint _vectorStride;

        public Roll(KernelSet kernels, Map x, Map? plus, Map output, HiddenSlice slice, Tile tile, float* scratch)
        {
            _kernels = kernels;
            _x = x;
            _plus = plus;
            _output = output;
            _slice = slice;
            _tile = tile;
            _stride = (nint)(tile.Width + 2) * slice.Channels;
            _vectorStride = (nint)(tile.Width + 2) * kernels.VectorLength;
            _ring = scratch;
            _strip = scratch + ((Ring + 1) * _stride);
        }

        // The last row of the ring stays zero: it stands for the rows above and below the map.
        private float* Zero => _ring + (Ring * _stride);

        /// <param name="top">The row that the claimed rows count from.</param>
        /// <param name="claim">Hands out the rows, which follow each other.</param>
        public void Run(int top, RowClaim claim)
        {
            new Span<float>(Zero, (int)_stride).Clear();
            int vector = _kernels.VectorLength;
            for (nint line = 0; line < Ring * _stride; line += _vectorStride)
            {
                // Beside the map too there are zeros; beside a tile within it, these are written over.
                new Span<float>(_ring + line, vector).Clear();
                new Span<float>(_ring + line + _vectorStride - vector, vector).Clear();
            }

            int newest = _tile.Top - 1;
            for (int rows = claim.Next(out int row); rows > 0; rows = claim.Next(out row))
            {
                int y = top + row;
                for (; newest <= y + rows; newest++)
                {
                    if (newest >= 0 && newest < _x.Height)
                    {
                        Expand(newest);
                    }
                }

                Reduce(y, rows);
            }
        }

        private float* HiddenRow(int y) => y < 0 || y >= _x.Height ? Zero : _ring + (y % Ring * _stride);

        private void Expand(int y)
        {
            int left = Math.Max(_tile.Left - 1, 0), right = Math.Min(_tile.Right + 1, _x.Width);
            float* target = HiddenRow(y) + ((left - (_tile.Left - 1)) * _kernels.VectorLength);
            float* pixels = _x.Row(y) + ((nint)left * _x.Channels);
            _kernels.ProductByVectors(MatrixRows.Plain(pixels, _x.Channels, _x.Channels), right - left, _slice.Expand, target, _vectorStride, near: true);
        }

        private void Reduce(int y, int rows)
        {
            int channels = _slice.Channels, units = PlanBuilder.DivideUp(_tile.Width, MostStrip) * StripUnit;
            int strip = PlanBuilder.DivideUp(_tile.Width, units) * StripUnit;
            float** sources = stackalloc float*[Rows + 2];
            for (int x = 0; x < _tile.Width; x += strip)
            {
                int pixels = Math.Min(strip, _tile.Width - x);
                for (int r = 0; r < rows + 2; r++)
                {
                    sources[r] = HiddenRow(y + r - 1) + (x * _kernels.VectorLength);
                }

                _kernels.DepthWiseGelu(sources, _vectorStride, rows, _slice.DepthWise, _strip, pixels);
                nint at = (nint)(_tile.Left + x) * _x.Channels;
                for (int r = 0; r < rows; r++)
                {
                    MatrixRows hidden = MatrixRows.Plain(_strip + ((nint)r * pixels * channels), channels, channels);
                    float* target = _output.Row(y + r) + at;
                    if (_plus is { } plus)
                    {
                        _kernels.ProductPlus(hidden, pixels, _slice.Reduce, plus.Row(y + r) + at, target, _x.Channels);
                    }
                    else
                    {
                        _kernels.Product(hidden, pixels, _slice.Reduce, target, _x.Channels);
                    }
                }
            }
        }
    }
}
