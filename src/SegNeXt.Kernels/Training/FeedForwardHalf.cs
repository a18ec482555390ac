namespace SegNeXt.Kernels;

/// <summary>
/// The feed-forward half of a block in training: <c>y = x + m · ls₂ ⊙ fc2(GELU(dw3×3(fc1(x̂))))</c> with x̂ the
/// normalised x and m the draw of drop path, forward and backward.
/// </summary>
/// <remarks>
/// Work goes by slices of hidden channels and bands of rows, so that what lies between fc1 and fc2 stays in the
/// second-level cache; of it only fc1's result is kept for the backward pass, the rest is computed again there. Its pixels
/// have one zero between the rows, which the 3×3 convolution reads as the border. In the backward pass the layer scale's gradient needs no
/// map either: it is Σ W₂ ∘ D, D being fc2's weight gradient before the layer scale.
/// </remarks>
public sealed unsafe partial class FeedForwardHalf
{
    private const int Across = 3, Taps = Across * Across;

    /// <summary>Hidden channels of a slice, at most, and pixels of a band, about.</summary>
    private const int LongestSlice = 128;
    private const int BandPixels = 240;

    // The buffers of a thread.
    private const int HaloSlot = 0;
    private const int InputSlot = 1;
    private const int BandSlot = 2;
    private const int RingSlot = 3;
    private const int GradientSlot = 4;
    private const int BackSlot = 5;

    // The buffers of a lane.
    private const int ScaledSlot = 1;
    private const int TapsSlot = 2;
    private const int FlippedSlot = 3;
    private const int LaneSlot = 4;

    private readonly TrainingTeam _team;
    private readonly TrainingShape _shape;
    private readonly FeedForwardWeights _weights;
    private readonly DropPathDraw _draw;
    private readonly float* _norm;
    private readonly int _hidden;
    private readonly int _slice;
    private readonly int _rows;
    private readonly nint _rowStride;
    private readonly RowRange[][] _lanes;

    /// <summary>Prepares the passes.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="shape">Sizes of x.</param>
    /// <param name="hidden">Hidden channels M, a multiple of <see cref="TrainingShape.ChannelStep"/>.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="norm">x's norm, of <see cref="BatchNormPass"/>.</param>
    /// <param name="draw">Drop path's draw.</param>
    public FeedForwardHalf(TrainingTeam team, TrainingShape shape, int hidden, FeedForwardWeights weights, float* norm, DropPathDraw draw)
    {
        _team = team;
        _shape = shape;
        _weights = weights;
        _norm = norm;
        _draw = draw;
        _hidden = hidden;
        _slice = SliceOf(hidden);
        _rows = Math.Max(1, Math.Min(shape.Height, BandPixels / shape.Width));
        _rowStride = (nint)(shape.Width + 1) * _slice;
        _lanes = RowRange.Lanes(shape, team.Lanes);
    }

    private int Slices => _hidden / _slice;

    private int Channels => _shape.Channels;

    private nint PlaneStride => (_shape.Height * _rowStride) + _slice;

    /// <summary>Numbers that the hidden map takes, kept for the backward pass or not.</summary>
    /// <param name="shape">Sizes of x.</param>
    /// <param name="hidden">Hidden channels.</param>
    /// <param name="kept">Whether a backward pass will follow.</param>
    public static long HiddenCount(TrainingShape shape, int hidden, bool kept) =>
        (((shape.Height * (shape.Width + 1L)) + 1) * shape.Batch) * (kept ? hidden : SliceOf(hidden));

    /// <summary>Computes y.</summary>
    /// <param name="x">The map.</param>
    /// <param name="y">Receives the result; another map than <paramref name="x"/>.</param>
    /// <param name="hidden">Receives fc1's result: <see cref="HiddenCount"/> numbers.</param>
    /// <param name="kept">Whether a backward pass will follow.</param>
    public void Forward(float* x, float* y, float* hidden, bool kept)
    {
        int c = Channels;
        PackedMatrix[] expand = _team.Rent(Slices, c, _slice);
        PackedMatrix[] reduce = _team.Rent(Slices, _slice, c);
        float* scaled = ScaledReduce();
        _team.For(Slices, (_, s) =>
        {
            expand[s].FillTransposed(_weights.Expand + ((nint)s * _slice * c), c);
            new ReadOnlySpan<float>(_weights.ExpandBias + (s * _slice), _slice).CopyTo(expand[s].Bias);
            reduce[s].FillTransposed(scaled + (s * _slice), _hidden);
        });
        for (int i = 0; i < c; i++)
        {
            reduce[0].Bias[i] = _weights.ReduceBias[i] * _weights.LayerScale[i] * _draw.Factor;
        }

        float* taps = DepthWiseTaps();
        _team.For(_lanes.Length, (thread, lane) =>
        {
            for (int s = 0; s < Slices; s++)
            {
                foreach (RowRange range in _lanes[lane])
                {
                    nint at = _shape.Offset(range.Image, range.First);
                    if (_draw.Kept[range.Image])
                    {
                        Forward(thread, s, range, x, y, Plane(hidden, s, range.Image, kept), taps, expand[s], reduce[s]);
                    }
                    else if (s == 0)
                    {
                        Copy(x + at, y + at, (long)range.Rows * _shape.Width * c);
                    }
                }
            }
        });
        _team.Return(expand);
        _team.Return(reduce);
    }

    private static int SliceOf(int hidden)
    {
        int slice = Math.Min(LongestSlice, hidden);
        while (hidden % slice != 0)
        {
            slice -= TrainingShape.ChannelStep;
        }

        return slice;
    }

    private static void Copy(float* from, float* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));

    private static void Clear(float* values, long count) => new Span<float>(values, checked((int)count)).Clear();

    private void Forward(int thread, int s, RowRange range, float* x, float* y, float* plane, float* taps, PackedMatrix expand, PackedMatrix reduce)
    {
        int width = _shape.Width, c = Channels;
        Halo halo = new(this, thread, plane, range);

        // The neighbouring lanes' rows next to this one's are computed here as well.
        if (range.First > 0)
        {
            Expand(thread, x, range.Image, range.First - 1, 1, halo.Row(range.First - 1), expand);
        }

        if (range.End < _shape.Height)
        {
            Expand(thread, x, range.Image, range.End, 1, halo.Row(range.End), expand);
        }

        float* band = _team.Buffer(thread, BandSlot, (long)_rows * width * _slice);
        int done = range.First;
        for (int row = range.First; row < range.End; row += _rows)
        {
            int end = Math.Min(row + _rows, range.End);
            for (int ahead = Math.Min(end + 1, range.End); done < ahead;)
            {
                int count = Math.Min(_rows, ahead - done);
                Expand(thread, x, range.Image, done, count, halo.Row(done), expand);
                done += count;
            }

            int pixels = (end - row) * width;
            for (int r = row; r < end; r++)
            {
                Convolve(halo, r, taps + ((nint)s * _slice), band + ((nint)(r - row) * width * _slice));
            }

            _team.Kernels.Gelu(band, band, (nint)pixels * _slice);
            nint at = _shape.Offset(range.Image, row);
            _team.Kernels.ProductPlus(MatrixRows.Plain(band, _slice, _slice), pixels, reduce, s == 0 ? x + at : y + at, y + at, c);
        }
    }

    /// <summary>fc1 of rows, with zeros before, between and after them.</summary>
    private void Expand(int thread, float* x, int image, int row, int rows, float* target, PackedMatrix expand)
    {
        int width = _shape.Width, c = Channels;
        nint stride = (nint)(width + 1) * c;
        float* input = _team.Buffer(thread, InputSlot, (_rows + 1L) * stride);
        for (int r = 0; r < rows; r++)
        {
            Normalise(x + _shape.Offset(image, row + r), input + (r * stride), width);
            Clear(input + (r * stride) + ((nint)width * c), c);
        }

        // Not the last row's border: it is the next lane's first, too, and zeros are all that both write there.
        _team.Kernels.Product(MatrixRows.Plain(input, c, c), (rows * (width + 1)) - 1, expand, target, _slice, near: true);
        Clear(target - _slice, _slice);
        for (int r = 1; r <= rows; r++)
        {
            Clear(target + (r * _rowStride) - _slice, _slice);
        }
    }

    private void Normalise(float* x, float* target, int pixels) =>
        _team.Training.Affine(x, _norm + (2 * Channels), _norm + (3 * Channels), target, pixels, Channels);

    /// <summary>A row of the depth-wise convolution of one slice; rows beyond the image are left out.</summary>
    private void Convolve(Halo hidden, int row, float* taps, float* target)
    {
        float** sources = stackalloc float*[Taps];
        int count = hidden.Sources(row, sources, out int firstTap);
        Span<TapRun> runs = stackalloc TapRun[count / Across];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = new TapRun(sources[i * Across], Across);
        }

        _team.Training.DepthWise(
            runs, taps + ((nint)firstTap * _hidden), _hidden, taps + ((nint)Taps * _hidden), _slice, target, _slice, _shape.Width, _slice);
    }

    /// <summary>W₂ with the layer scale and drop path's factor, [C, M].</summary>
    private float* ScaledReduce()
    {
        float* scaled = _team.LaneSums(0, ScaledSlot, (long)_hidden * Channels);
        _team.For(Channels, (_, c) =>
        {
            float factor = _weights.LayerScale[c] * _draw.Factor;
            nint at = (nint)c * _hidden;
            for (nint i = at; i < at + _hidden; i++)
            {
                scaled[i] = _weights.Reduce[i] * factor;
            }
        });
        return scaled;
    }

    /// <summary>The depth-wise weights with a row of channels a tap, then the bias.</summary>
    private float* DepthWiseTaps(bool flipped = false)
    {
        float* taps = _team.LaneSums(0, flipped ? FlippedSlot : TapsSlot, (Taps + 1L) * _hidden);
        for (int t = 0; t < Taps; t++)
        {
            int from = flipped ? Taps - 1 - t : t;
            for (int i = 0; i < _hidden; i++)
            {
                taps[((nint)t * _hidden) + i] = _weights.DepthWise[(i * Taps) + from];
            }
        }

        if (!flipped)
        {
            Copy(_weights.DepthWiseBias, taps + ((nint)Taps * _hidden), _hidden);
        }

        return taps;
    }

    private float* Plane(float* hidden, int slice, int image, bool kept) =>
        hidden + _slice + ((((nint)(kept ? slice : 0) * _shape.Batch) + image) * PlaneStride);

    /// <summary>Rows of a slice of the hidden map as a lane sees them: its own in the map, its neighbours' in memory of its own.</summary>
    private readonly struct Halo
    {
        private readonly FeedForwardHalf _half;
        private readonly RowRange _range;
        private readonly float* _plane;
        private readonly float* _before;
        private readonly float* _after;

        public Halo(FeedForwardHalf half, int thread, float* plane, RowRange range)
        {
            _half = half;
            _range = range;
            _plane = plane;
            _before = half._team.Buffer(thread, HaloSlot, 2 * (half._rowStride + half._slice)) + half._slice;
            _after = _before + half._rowStride + half._slice;
        }

        public float* Row(int row) => row < _range.First ? _before : row >= _range.End ? _after : _plane + (row * _half._rowStride);

        /// <summary>What the taps of a row read, without the rows beyond the image.</summary>
        public int Sources(int row, float** sources, out int firstTap)
        {
            int count = 0;
            firstTap = row == 0 ? 3 : 0;
            for (int r = Math.Max(0, row - 1); r <= Math.Min(_half._shape.Height - 1, row + 1); r++)
            {
                for (int column = -1; column <= 1; column++)
                {
                    sources[count++] = Row(r) + (column * _half._slice);
                }
            }

            return count;
        }
    }
}
