using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Rolls down a tile with one slice of channels: 5×5, then the three 1×k, then the sum of the three k×1. Each row is
/// computed once and kept just as long as a row below or above still needs it.
/// </summary>
internal readonly unsafe struct StripRoll
{
    /// <summary>Half of the longest strip.</summary>
    public const int Reach = 10;

    // The columns are summed for some rows at once, for which the rows that the first of them reads are still there.
    private const int Step = KernelSet.ColumnRows, LocalRows = Reach + Step;

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
        _zero = _local + (LocalRows * _localStride);
        _rows = _zero + _rowStride;
    }

    /// <summary>Floats of rows that are kept.</summary>
    public static long RingSize(int columns, int channels) =>
        (((long)LocalRows * (columns + (2 * Reach))) + ((AttentionSlice.Strips.Sum(k => k + Step - 1L) + 1) * columns)) * channels;

    /// <summary>Computes the tile's rows.</summary>
    /// <param name="fresh">Whether the memory holds nothing yet; else it holds what the tile above has left there.</param>
    public void Run(bool fresh)
    {
        int height = _input.Height, top = _tile.Top, bottom = _tile.Bottom;
        if (fresh)
        {
            // Places beyond the map's left and right edge stay zero while the rows come and go.
            new Span<float>(_local, (int)(LocalRows * _localStride)).Clear();
            new Span<float>(_zero, (int)_rowStride).Clear();
        }

        for (int newest = fresh ? top - Reach : top + Reach; newest < bottom + Reach; newest++)
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
                if (y >= Math.Max(0, top - half) && y < Math.Min(height, bottom + half))
                {
                    RowStrip(strip, y);
                }
            }

            int ready = newest - Reach, pending = ready - top + 1;
            if (pending > 0 && (pending % Step == 0 || ready == bottom - 1))
            {
                Columns(ready - ((pending - 1) % Step), ready + 1);
            }
        }
    }

    // From the tile's first column less the reach.
    private float* LocalStart(int y) => _local + (y % LocalRows * _localStride);

    private float* LocalRow(int y) => LocalStart(y) + (Reach * _slice.Channels);

    private float* StripRow(int strip, int y)
    {
        if (y < 0 || y >= _input.Height)
        {
            return _zero;
        }

        int held = AttentionSlice.Strips[strip] + Step - 1;
        int before = strip == 0 ? 0 : strip == 1 ? 7 + Step - 1 : 7 + 11 + (2 * (Step - 1));
        return _rows + ((before + (y % held)) * _rowStride);
    }

    private void Local(int y)
    {
        int left = Math.Max(_tile.Left - Reach, 0), right = Math.Min(_tile.Right + Reach, _input.Width);
        Span<TapRun> runs = stackalloc TapRun[5];
        for (int row = 0; row < runs.Length; row++)
        {
            runs[row] = new(_input.Row(y + row - 2) + ((nint)(left - 2) * _input.Channels) + _slice.First, 5);
        }

        // A slice takes some lines of each pixel and leaves the others, a pattern that processors do not foresee.
        KernelSet.Prefetch(_input.Row(y + 3) + ((nint)left * _input.Channels) + _slice.First, right - left, _input.Channels);

        float* target = LocalStart(y) + ((left - (_tile.Left - Reach)) * _slice.Channels);
        _kernels.DepthWise(runs, _slice.Local, _input.Channels, target, _slice.Channels, right - left);
    }

    private void RowStrip(int strip, int y)
    {
        int k = AttentionSlice.Strips[strip], channels = _slice.Channels;
        TapRun run = new(LocalRow(y) - (k / 2 * channels), k);
        _kernels.DepthWise(new(in run), _slice.Rows[strip], channels, StripRow(strip, y), channels, _tile.Width);
    }

    /// <summary>Sums the columns of rows that come together: as many as the kernel takes, or fewer at the tile's end.</summary>
    private void Columns(int top, int bottom)
    {
        int channels = _slice.Channels;
        nint left = ((nint)_tile.Left * _output.Channels) + _slice.First;
        float** sources = stackalloc float*[_slice.Columns.Count + (AttentionSlice.ColumnLengths.Length * (Step - 1))];
        bool together = bottom - top == Step && _output.Row(bottom - 1) == _output.Row(top) + ((Step - 1) * _output.RowStride);
        if (together)
        {
            for (int y = bottom; y < Math.Min(bottom + Step, _tile.Bottom); y++)
            {
                KernelSet.Prefetch(_output.Row(y) + left, _tile.Width, _output.Channels);
            }

            Sources(sources, top, Step);
            _kernels.DepthWiseColumns(
                sources, AttentionSlice.ColumnLengths, _slice.Columns, channels, _output.Row(top) + left, _output.Channels, _output.RowStride, _tile.Width);
            return;
        }

        Span<TapRun> runs = stackalloc TapRun[_slice.Columns.Count];
        for (int y = top; y < bottom; y++)
        {
            Sources(sources, y, 1);
            for (int t = 0; t < runs.Length; t++)
            {
                runs[t] = new(sources[t], 1);
            }

            _kernels.DepthWise(runs, _slice.Columns, channels, _output.Row(y) + left, _output.Channels, _tile.Width);
        }
    }

    /// <summary>What the columns of some rows read: the map itself, and each strip's rows around them.</summary>
    private void Sources(float** sources, int y, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            *sources++ = LocalRow(y + i);
        }

        for (int strip = 0; strip < AttentionSlice.Strips.Length; strip++)
        {
            int half = AttentionSlice.Strips[strip] / 2;
            for (int t = -half; t < half + rows; t++)
            {
                *sources++ = StripRow(strip, y + t);
            }
        }
    }
}
