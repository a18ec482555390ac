namespace SegNeXt.Kernels;

/// <summary>
/// The attention half of a block in training: <c>y = x + m · ls₁ ⊙ (proj_2(conv3(s) ⊙ u) + x̂)</c> with
/// <c>u = GELU(proj_1(x̂))</c>, <c>a = conv0(u)</c>, <c>s = a + Σ columnᵢ(rowᵢ(a))</c>, x̂ the normalised x and m the draw
/// of drop path, forward and backward.
/// </summary>
/// <remarks>
/// Three loops each way: over bands of rows for what is pixel by pixel, over planes of sixteen channels for the strips,
/// and over bands again. Kept for the backward pass are the map before the GELU, a and s; the rest is computed again.
/// </remarks>
public sealed unsafe partial class AttentionHalf
{
    private const int BandPixels = 240;

    // The buffers of a thread.
    private const int NormalisedSlot = 6;
    private const int ActivationSlot = 7;
    private const int GateSlot = 8;
    private const int StripSlot = 9;
    private const int GradientSlot = 10;
    private const int MixedSlot = 11;
    private const int SpreadSlot = 12;
    private const int BackSlot = 13;

    // The buffers of a lane.
    private const int TapsSlot = 5;
    private const int ScaledSlot = 6;
    private const int FactorSlot = 7;
    private const int SumsSlot = 8;

    private readonly TrainingTeam _team;
    private readonly TrainingShape _shape;
    private readonly PlaneShape _planes;
    private readonly AttentionWeights _weights;
    private readonly float* _norm;
    private readonly DropPathDraw _draw;
    private readonly RowRange[] _bands;
    private readonly int _rows;

    /// <summary>Prepares the passes.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="shape">Sizes of x.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="norm">x's norm, of <see cref="BatchNormPass"/>.</param>
    /// <param name="draw">Drop path's draw.</param>
    public AttentionHalf(TrainingTeam team, TrainingShape shape, AttentionWeights weights, float* norm, DropPathDraw draw)
    {
        _team = team;
        _shape = shape;
        _planes = new PlaneShape(shape);
        _weights = weights;
        _norm = norm;
        _draw = draw;
        _rows = Math.Max(1, Math.Min(shape.Height, BandPixels / shape.Width));
        _bands = [.. RowRange.Lanes(shape, shape.Batch).SelectMany(static lane => lane).SelectMany(Bands)];
    }

    private int Channels => _shape.Channels;

    /// <summary>Numbers of a map cut into planes: a, and each of the working maps.</summary>
    /// <param name="shape">Sizes of x.</param>
    public static long PlanesCount(TrainingShape shape) => new PlaneShape(shape).Count;

    /// <summary>Numbers that the backward pass works on: <see cref="Backward"/>'s work.</summary>
    /// <param name="shape">Sizes of x.</param>
    public static long BackwardWork(TrainingShape shape) =>
        (2 * PlanesCount(shape)) + (2 * shape.Count) + ((long)shape.Batch * AttentionTaps.Rows * shape.Channels);

    /// <summary>Computes y.</summary>
    /// <param name="x">The map.</param>
    /// <param name="y">Receives the result; another map than <paramref name="x"/>.</param>
    /// <param name="projected">Receives the map before the GELU, of x's size.</param>
    /// <param name="local">Receives a: <see cref="PlanesCount"/> numbers.</param>
    /// <param name="sum">Receives s, of x's size.</param>
    /// <param name="work">As many numbers as <paramref name="local"/>, to work with.</param>
    public void Forward(float* x, float* y, float* projected, float* local, float* sum, float* work)
    {
        ProjectIn(x, projected, work);
        float* taps = Taps();
        PlaneConvolution[] convolutions = Convolutions();
        _team.For(_shape.Batch * _planes.Planes, (thread, item) =>
        {
            (int image, int plane) = Math.DivRem(item, _planes.Planes);
            if (_draw.Kept[image])
            {
                Strips(thread, convolutions[thread], taps, image, plane, work, local, sum);
            }
        });
        ProjectOut(x, y, work, sum);
    }

    private static void Copy(float* from, float* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));

    private IEnumerable<RowRange> Bands(RowRange range)
    {
        for (int row = range.First; row < range.End; row += _rows)
        {
            yield return new RowRange(range.Image, row, Math.Min(row + _rows, range.End));
        }
    }

    private float* Band(int thread, int slot) => _team.Buffer(thread, slot, (long)_rows * _shape.Width * Channels);

    private void Normalise(float* x, float* target, int pixels) =>
        _team.Training.Affine(x, _norm + (2 * Channels), _norm + (3 * Channels), target, pixels, Channels);

    private PlaneConvolution[] Convolutions() => [.. Enumerable.Range(0, _team.Threads).Select(_ => new PlaneConvolution(_team.Training, _planes))];

    /// <summary>The kernels as rows, then a row of ones and one of zeros.</summary>
    private float* Taps()
    {
        float* taps = _team.LaneSums(0, TapsSlot, (AttentionTaps.Rows + 2L) * Channels);
        AttentionTaps.Pack(_weights, Channels, taps);
        new Span<float>(taps + (AttentionTaps.Rows * (nint)Channels), Channels).Fill(1);
        return taps;
    }

    /// <summary>proj_1 and GELU; u goes into planes.</summary>
    private void ProjectIn(float* x, float* projected, float* activation)
    {
        int c = Channels;
        PackedMatrix matrix = _team.Rent(c, c);
        matrix.FillTransposed(_weights.ProjectIn, c);
        new ReadOnlySpan<float>(_weights.ProjectInBias, c).CopyTo(matrix.Bias);
        _team.For(_bands.Length, (thread, i) =>
        {
            RowRange band = _bands[i];
            if (!_draw.Kept[band.Image])
            {
                return;
            }

            int pixels = band.Rows * _shape.Width;
            nint at = _shape.Offset(band.Image, band.First);
            float* input = Band(thread, NormalisedSlot);
            float* u = Band(thread, ActivationSlot);
            Normalise(x + at, input, pixels);
            _team.Kernels.Product(MatrixRows.Plain(input, c, c), pixels, matrix, projected + at, c);
            _team.Kernels.Gelu(projected + at, u, (nint)pixels * c);
            _planes.Scatter(_team.Training, u, band, activation);
        });
        _team.Return(matrix);
    }

    /// <summary>a and s of one plane.</summary>
    private void Strips(int thread, PlaneConvolution convolution, float* taps, int image, int plane, float* activation, float* local, float* sum)
    {
        int c = Channels;
        nint row = _planes.RowStride;
        float* w = taps + (plane * PlaneShape.Pixel);
        float* u = _planes.Start(activation, image, plane);
        float* a = _planes.Start(local, image, plane);
        convolution.Clear().Kernel(u, AttentionTaps.Square, AttentionTaps.Square, w, c)
            .Run(w + (AttentionTaps.Biases * (nint)c), a, row, PlaneShape.Pixel);
        for (int y = 0; y < _shape.Height; y++)
        {
            _planes.ClearBorders(a + (y * row));
        }

        // s = a + Σ columns of rows, in one go over a list of 40 taps.
        float** rows = stackalloc float*[AttentionTaps.Strips.Length];
        float* bias = stackalloc float[PlaneShape.Pixel];
        new Span<float>(bias, PlaneShape.Pixel).Clear();
        for (int i = 0; i < AttentionTaps.Strips.Length; i++)
        {
            rows[i] = StripRow(thread, convolution, i, w, a);
            _team.Kernels.Add(w + ((AttentionTaps.Biases + 2 + (2 * i)) * (nint)c), bias, PlaneShape.Pixel);
        }

        convolution.Clear().Tap(a, 0, 0, w + (AttentionTaps.Rows * (nint)c));
        for (int i = 0; i < AttentionTaps.Strips.Length; i++)
        {
            convolution.Kernel(rows[i], AttentionTaps.Strips[i], 1, w + (AttentionTaps.First[2 + (2 * i)] * (nint)c), c);
        }

        convolution.Run(bias, sum + _shape.Offset(image, 0) + (plane * PlaneShape.Pixel), (nint)_shape.Width * c, c);
    }

    /// <summary>The strip 1×k number i over a, in a plane of the thread's.</summary>
    private float* StripRow(int thread, PlaneConvolution convolution, int i, float* weights, float* a)
    {
        float* target = ThreadPlane(thread, StripSlot, i, AttentionTaps.Strips.Length);
        convolution.Clear().Kernel(a, 1, AttentionTaps.Strips[i], weights + (AttentionTaps.First[1 + (2 * i)] * (nint)Channels), Channels)
            .Run(weights + ((AttentionTaps.Biases + 1 + (2 * i)) * (nint)Channels), target, _planes.RowStride, PlaneShape.Pixel);
        return target;
    }

    private float* ThreadPlane(int thread, int slot, int number, int count) =>
        _team.Buffer(thread, slot, count * (long)_planes.PlaneStride) + (number * _planes.PlaneStride) + (PlaneShape.Border * PlaneShape.Pixel);

    /// <summary>conv3, the gate, proj_2 and both residual connections.</summary>
    private void ProjectOut(float* x, float* y, float* activation, float* sum)
    {
        int c = Channels;
        PackedMatrix mix = _team.Rent(c, c), output = _team.Rent(c, c);
        mix.FillTransposed(_weights.Mix, c);
        new ReadOnlySpan<float>(_weights.MixBias, c).CopyTo(mix.Bias);
        output.FillTransposed(ScaledProjectOut(), c);

        // x + f·ls·x̂ is x times a factor plus a summand, and the summand goes with the bias.
        float* factor = _team.LaneSums(0, FactorSlot, c);
        for (int i = 0; i < c; i++)
        {
            float scale = _weights.LayerScale[i] * _draw.Factor;
            factor[i] = 1 + (scale * _norm[(2 * c) + i]);
            output.Bias[i] = scale * (_weights.ProjectOutBias[i] + _norm[(3 * c) + i]);
        }

        _team.For(_bands.Length, (thread, i) =>
        {
            RowRange band = _bands[i];
            int pixels = band.Rows * _shape.Width;
            nint at = _shape.Offset(band.Image, band.First);
            if (!_draw.Kept[band.Image])
            {
                Copy(x + at, y + at, (long)pixels * c);
                return;
            }

            float* u = Band(thread, ActivationSlot);
            float* gated = Band(thread, GateSlot);
            Gather(activation, band, u);
            _team.Kernels.ProductTimes(MatrixRows.Plain(sum + at, c, c), pixels, mix, u, gated, c);
            _team.Kernels.ProductPlusScaled(MatrixRows.Plain(gated, c, c), pixels, output, x + at, factor, y + at, c);
        });
        _team.Return(mix, output);
    }

    private void Gather(float* planes, RowRange band, float* rows)
    {
        for (int plane = 0; plane < _planes.Planes; plane++)
        {
            float* row = _planes.Start(planes, band.Image, plane) + (band.First * _planes.RowStride);
            for (int r = 0; r < band.Rows; r++)
            {
                float* target = rows + ((nint)r * _shape.Width * Channels) + (plane * PlaneShape.Pixel);
                _team.Training.CopyPixels(row + (r * _planes.RowStride), PlaneShape.Pixel, target, Channels, _shape.Width);
            }
        }
    }

    /// <summary>proj_2 with the layer scale and drop path's factor, [C, C].</summary>
    private float* ScaledProjectOut()
    {
        int c = Channels;
        float* scaled = _team.LaneSums(0, ScaledSlot, (long)c * c);
        for (int o = 0; o < c; o++)
        {
            float factor = _weights.LayerScale[o] * _draw.Factor;
            for (nint i = (nint)o * c; i < (o + 1) * (nint)c; i++)
            {
                scaled[i] = _weights.ProjectOut[i] * factor;
            }
        }

        return scaled;
    }
}
