using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Rolls down a tile with one slice of channels: 5×5, then the three k×1, then the sum of the three 1×k. Each row of the 5×5
/// convolution is computed once and kept just as long as a row below still needs it.
/// </summary>
internal readonly unsafe struct StripRoll
{
    /// <summary>Half of the longest strip.</summary>
    public const int Reach = AttentionSlice.Reach;

    // The columns are summed for some rows at once, for which all rows that they read are there.
    private const int Step = KernelSet.ColumnRows, LocalRows = (2 * Reach) + Step;

    // Pixels whose columns are summed for one strip after the other: what the longest has brought near, the others find there.
    private const int Together = 16;

    // Pixels of 5×5 that are computed for some rows together: their eight rows of the input stay in the first-level cache.
    private const int LocalTogether = 48;

    private readonly KernelSet _kernels;
    private readonly VectorMap _input;
    private readonly Map _output;
    private readonly AttentionSlice _slice;
    private readonly Tile _tile;
    private readonly float* _local;
    private readonly float* _zero;
    private readonly float* _columns;
    private readonly float* _bias;
    private readonly nint _stride;

    public StripRoll(KernelSet kernels, VectorMap input, Map output, AttentionSlice slice, Tile tile, float* scratch)
    {
        _kernels = kernels;
        _input = input;
        _output = output;
        _slice = slice;
        _tile = tile;
        _stride = (nint)(tile.Width + (2 * Reach)) * slice.Channels;
        _local = scratch;
        _zero = _local + (LocalRows * _stride);
        _columns = _zero + _stride;
        _bias = _columns + (AttentionSlice.Strips.Length * Step * _stride);
    }

    /// <summary>Floats of rows that are kept.</summary>
    public static long RingSize(int columns, int channels) =>
        ((LocalRows + 1L + (AttentionSlice.Strips.Length * Step)) * (columns + (2 * Reach)) * channels) + channels;

    /// <summary>Computes the tile's rows.</summary>
    /// <param name="fresh">Whether the memory holds nothing yet; else it holds what the tile above has left there.</param>
    public void Run(bool fresh)
    {
        int height = _input.Height, top = _tile.Top, bottom = _tile.Bottom;
        if (fresh)
        {
            new Span<float>(_zero, (int)_stride).Clear();
            for (int i = 0; i < AttentionSlice.Strips.Length * Step; i++)
            {
                // Places beyond the map's left and right edge stay zero while the rows come and go.
                float* row = _columns + (i * _stride);
                new Span<float>(row, Reach * _slice.Channels).Clear();
                new Span<float>(row + _stride - (Reach * _slice.Channels), Reach * _slice.Channels).Clear();
            }
        }

        int next = fresh ? Math.Max(top - Reach, 0) : Math.Min(top + Reach, height);
        for (int first = top; first < bottom; first += Step)
        {
            int end = Math.Min(first + Step, bottom), needed = Math.Min(end + Reach, height);
            Local(next, needed);
            next = needed;
            Finish(first, end);
        }
    }

    // From the tile's first column less the reach.
    private float* LocalRow(int y) => y < 0 || y >= _input.Height ? _zero : _local + (y % LocalRows * _stride);

    private float* ColumnRow(int strip, int row) => _columns + (((strip * Step) + row) * _stride);

    /// <summary>5×5 of a few rows, some pixels of all of them at a time: a row of the input stays in the first-level cache for the five that it counts for.</summary>
    private void Local(int top, int bottom)
    {
        int left = Math.Max(_tile.Left - Reach, 0), right = Math.Min(_tile.Right + Reach, _input.Width);
        Span<TapRun> runs = stackalloc TapRun[5];
        for (int x = left; x < right; x += LocalTogether)
        {
            int pixels = Math.Min(LocalTogether, right - x);
            for (int y = top; y < bottom; y++)
            {
                for (int row = 0; row < runs.Length; row++)
                {
                    runs[row] = new(_input.Pixel(y + row - 2, x - 2, _slice.First), 5);
                }

                _kernels.DepthWise(runs, _slice.Local, _input.PixelStride, _input.VectorStride, LocalRow(y) + At(x), _slice.Channels, pixels);
            }
        }
    }

    private nint At(int x) => (nint)(x - (_tile.Left - Reach)) * _slice.Channels;

    /// <summary>Columns, then rows, of a few rows that come together: as many as the columns' kernel takes, or fewer at the tile's end.</summary>
    private void Finish(int top, int bottom)
    {
        int first = Math.Max(_tile.Left - Reach, 0), end = Math.Min(_tile.Right + Reach, _input.Width);
        nint left = ((nint)_tile.Left * _output.Channels) + _slice.First;
        for (int y = bottom; y < Math.Min(bottom + Step, _tile.Bottom); y++)
        {
            KernelSet.Prefetch(_output.Row(y) + left, _tile.Width, _output.Channels);
        }

        float** rows = stackalloc float*[LocalRows];
        for (int t = 0; t < (2 * Reach) + bottom - top; t++)
        {
            rows[t] = LocalRow(top - Reach + t);
        }

        for (int x = first; x < end; x += Together)
        {
            for (int strip = AttentionSlice.Strips.Length - 1; strip >= 0; strip--)
            {
                Columns(strip, rows, bottom - top, x, Math.Min(x + Together, end));
            }
        }

        for (int y = top; y < bottom; y++)
        {
            Rows(y, y - top);
        }
    }

    /// <summary>One strip's columns, of some pixels.</summary>
    /// <param name="strip">The strip.</param>
    /// <param name="sources">The rows that the longest strip reads.</param>
    /// <param name="count">Rows of the result.</param>
    /// <param name="left">The first pixel.</param>
    /// <param name="right">The pixel after the last.</param>
    private void Columns(int strip, float** sources, int count, int left, int right)
    {
        int k = AttentionSlice.Strips[strip], half = k / 2, channels = _slice.Channels;
        left = Math.Max(left, _tile.Left - half);
        right = Math.Min(right, _tile.Right + half);
        if (left >= right)
        {
            return;
        }

        sources += Reach - half;
        float* target = ColumnRow(strip, 0) + At(left);
        if (count == Step)
        {
            _kernels.DepthWiseColumns(sources, At(left), _slice.Columns[strip], channels, target, channels, _stride, right - left);
            return;
        }

        Span<TapRun> runs = stackalloc TapRun[k];
        for (int row = 0; row < count; row++)
        {
            for (int t = 0; t < k; t++)
            {
                runs[t] = new(sources[row + t] + At(left), 1);
            }

            _kernels.DepthWise(runs, _slice.Columns[strip], channels, target + (row * _stride), channels, right - left);
        }
    }

    /// <summary>The sum of the map itself and the rows over the columns.</summary>
    /// <param name="y">The row.</param>
    /// <param name="row">Where its columns are.</param>
    private void Rows(int y, int row)
    {
        nint left = At(_tile.Left);
        Span<TapRun> runs = stackalloc TapRun[1 + AttentionSlice.Strips.Length];
        runs[0] = new(LocalRow(y) + left, 1);
        for (int strip = 0; strip < AttentionSlice.Strips.Length; strip++)
        {
            int k = AttentionSlice.Strips[strip];
            runs[1 + strip] = new(ColumnRow(strip, row) + left - (k / 2 * _slice.Channels), k);
        }

        float* target = _output.Row(y) + ((nint)_tile.Left * _output.Channels) + _slice.First;
        int below = _input.Height - 1 - y;
        if (y >= Reach && below >= Reach)
        {
            _kernels.DepthWise(runs, _slice.Rows, _slice.Channels, target, _output.Channels, _tile.Width);
        }
        else
        {
            _kernels.DepthWise(runs, _slice.Rows, EdgeBias(y, below), _slice.Channels, _kernels.VectorLength, target, _output.Channels, _tile.Width);
        }
    }

    /// <summary>The bias of a row with fewer rows above or below than the longest strip reaches.</summary>
    private float* EdgeBias(int above, int below)
    {
        _slice.Rows.Bias.CopyTo(new Span<float>(_bias, _slice.Channels));
        if (above < Reach)
        {
            _kernels.Add(_slice.Above(above), _bias, _slice.Channels);
        }

        if (below < Reach)
        {
            _kernels.Add(_slice.Below(below), _bias, _slice.Channels);
        }

        return _bias;
    }
}
