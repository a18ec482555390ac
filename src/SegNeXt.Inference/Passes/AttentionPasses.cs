using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The attention half of a block (paper, Figure 2): x = x + ls1 · (proj_2(MSCA(GELU(proj_1(norm1(x))))) + norm1(x)), in
/// three loops. Cost a pixel: 3C² + C · (25 + 3 · 39) multiply-adds.
/// </summary>
internal static unsafe class AttentionPasses
{
    /// <summary>Margin of the projected map: 5×5 looks two pixels over the edge.</summary>
    public const int Margin = 2;

    // Half of the longest strip.
    private const int Reach = 10;
    private const int FewRows = 4;

    // A tile looks ten rows and columns over its edge. Its rings of rows stay in the second-level cache.
    private const int MostColumns = 192, LeastRows = 16;

    /// <summary>Adds the three loops.</summary>
    /// <param name="plan">Where they are added.</param>
    /// <param name="x">The block's map, changed in place.</param>
    /// <param name="projected">Room for GELU(proj_1(·)), with <see cref="Margin"/>.</param>
    /// <param name="summed">Room for the sum of the strips.</param>
    /// <param name="block">The weights.</param>
    /// <param name="scratch">Memory of each thread, as <see cref="ScratchSize"/> says.</param>
    public static void Add(PlanBuilder plan, Map x, Map projected, Map summed, BlockWeights block, ThreadScratch scratch)
    {
        AddProjectIn(plan, x, projected, block);
        AddStrips(plan, projected, summed, block, scratch);
        AddProjectOut(plan, x, projected, summed, block, scratch);
    }

    /// <summary>Floats that a thread needs.</summary>
    public static long ScratchSize(int width, int channels, BlockWeights block)
    {
        int slice = block.Attention.Max(s => s.Channels);
        int columns = Math.Min(width, MostColumns);
        long rings = (((Reach + 1L) * (columns + (2 * Reach))) + ((AttentionSlice.Strips.Sum() + 1L) * columns)) * slice;
        return Math.Max(rings, (long)width * channels);
    }

    private static void AddProjectIn(PlanBuilder plan, Map x, Map projected, BlockWeights block)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddBands("proj_1", x.Height, FewRows, (_, from, to) =>
        {
            projected.ClearMarginOf(from, to);
            for (int y = from; y < to; y++)
            {
                kernels.Product(MatrixRows.Plain(x.Row(y), x.Channels, x.Channels), x.Width, block.ProjectIn, projected.Row(y), projected.Channels);
                kernels.Gelu(projected.Row(y), (nint)x.Width * x.Channels);
            }
        });
    }

    private static void AddStrips(PlanBuilder plan, Map projected, Map summed, BlockWeights block, ThreadScratch scratch)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddTiles("strips", projected.Height, projected.Width, block.Attention.Length, (projected.Height, MostColumns), LeastRows, (thread, tile, slice) =>
            new StripRoll(kernels, projected, summed, block.Attention[slice], tile, scratch.Of(thread)).Run());
    }

    private static void AddProjectOut(PlanBuilder plan, Map x, Map projected, Map summed, BlockWeights block, ThreadScratch scratch)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddBands("conv3, proj_2", x.Height, FewRows, (thread, from, to) =>
        {
            float* attended = scratch.Of(thread);
            int c = x.Channels;
            for (int y = from; y < to; y++)
            {
                kernels.ProductTimes(MatrixRows.Plain(summed.Row(y), c, c), x.Width, block.Mixing, projected.Row(y), attended, c);
                kernels.ProductPlusScaled(MatrixRows.Plain(attended, c, c), x.Width, block.ProjectOut, x.Row(y), block.Shortcut.Data, x.Row(y), c);
            }
        });
    }

    /// <summary>
    /// Rolls down a tile with one slice of channels: 5×5, then the three 1×k, then the sum of the three k×1. Each row is
    /// computed once and kept just as long as a row below or above still needs it.
    /// </summary>
    private readonly struct StripRoll
    {
        private readonly KernelSet _kernels;
        private readonly Map _input;
        private readonly Map _output;
        private readonly AttentionSlice _slice;
        private readonly Tile _tile;
        private readonly float* _local;
        private readonly float* _rows;
        private readonly float* _zero;
        private readonly nint _localStride;
        private readonly nint _rowStride;

        public StripRoll(KernelSet kernels, Map input, Map output, AttentionSlice slice, Tile tile, float* scratch)
        {
            _kernels = kernels;
            _input = input;
            _output = output;
            _slice = slice;
            _tile = tile;
            int channels = slice.Channels;
            _localStride = (nint)(tile.Width + (2 * Reach)) * channels;
            _rowStride = (nint)tile.Width * channels;
            _local = scratch;
            _zero = _local + ((Reach + 1) * _localStride);
            _rows = _zero + _rowStride;
        }

        public void Run()
        {
            // Places beyond the map's left and right edge stay zero while the rows come and go.
            new Span<float>(_local, (int)((Reach + 1) * _localStride)).Clear();
            new Span<float>(_zero, (int)_rowStride).Clear();
            int height = _input.Height, from = _tile.Top, to = _tile.Bottom;
            for (int newest = from - Reach; newest < to + Reach; newest++)
            {
                if (newest >= 0 && newest < height)
                {
                    Local(newest);
                }

                // A strip of half-length p serves the row that is p behind: the shorter, the later.
                for (int strip = 0; strip < AttentionSlice.Strips.Length; strip++)
                {
                    int half = AttentionSlice.Strips[strip] / 2;
                    int y = newest - Reach + half;
                    if (y >= Math.Max(0, from - half) && y < Math.Min(height, to + half))
                    {
                        RowStrip(strip, y);
                    }
                }

                if (newest - Reach >= from)
                {
                    Columns(newest - Reach);
                }
            }
        }

        // From the tile's first column less the reach.
        private float* LocalStart(int y) => _local + (y % (Reach + 1) * _localStride);

        private float* LocalRow(int y) => LocalStart(y) + (Reach * _slice.Channels);

        private float* StripRow(int strip, int y)
        {
            if (y < 0 || y >= _input.Height)
            {
                return _zero;
            }

            int before = strip == 0 ? 0 : strip == 1 ? 7 : 7 + 11;
            return _rows + ((before + (y % AttentionSlice.Strips[strip])) * _rowStride);
        }

        private void Local(int y)
        {
            int left = Math.Max(_tile.Left - Reach, 0), right = Math.Min(_tile.Right + Reach, _input.Width);
            float** taps = stackalloc float*[25];
            for (int t = 0; t < 25; t++)
            {
                taps[t] = _input.Row(y + (t / 5) - 2) + ((nint)(left + (t % 5) - 2) * _input.Channels) + _slice.First;
            }

            float* target = LocalStart(y) + ((left - (_tile.Left - Reach)) * _slice.Channels);
            _kernels.DepthWise(taps, _slice.Local, _input.Channels, target, _slice.Channels, right - left);
        }

        private void RowStrip(int strip, int y)
        {
            int k = AttentionSlice.Strips[strip], channels = _slice.Channels;
            float** taps = stackalloc float*[k];
            for (int t = 0; t < k; t++)
            {
                taps[t] = LocalRow(y) + ((t - (k / 2)) * channels);
            }

            _kernels.DepthWise(taps, _slice.Rows[strip], channels, StripRow(strip, y), channels, _tile.Width);
        }

        private void Columns(int y)
        {
            float** taps = stackalloc float*[_slice.Columns.Count];
            int count = 0;
            taps[count++] = LocalRow(y);
            for (int strip = 0; strip < AttentionSlice.Strips.Length; strip++)
            {
                int half = AttentionSlice.Strips[strip] / 2;
                for (int t = -half; t <= half; t++)
                {
                    taps[count++] = StripRow(strip, y + t);
                }
            }

            float* target = _output.Row(y) + ((nint)_tile.Left * _output.Channels) + _slice.First;
            _kernels.DepthWise(taps, _slice.Columns, _slice.Channels, target, _output.Channels, _tile.Width);
        }
    }
}
