namespace SegNeXt.Kernels;

/// <summary>A 1×1 convolution in training: y = x·Wᵀ + bias, pixel by pixel, forward and backward. P pixels, I channels in, O out.</summary>
public sealed unsafe class PointwiseConvolution
{
    private const int ChunkPixels = 192;

    // The buffers of a lane.
    private const int SumsSlot = 12;

    private readonly TrainingTeam _team;
    private readonly long _pixels;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _lanes;

    /// <summary>Prepares the passes.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="pixels">P.</param>
    /// <param name="inputs">I, a multiple of <see cref="TrainingShape.ChannelStep"/>.</param>
    /// <param name="outputs">O, likewise.</param>
    public PointwiseConvolution(TrainingTeam team, long pixels, int inputs, int outputs)
    {
        (_team, _pixels, _inputs, _outputs) = (team, pixels, inputs, outputs);
        _lanes = (int)Math.Min(team.Lanes, (pixels + ChunkPixels - 1) / ChunkPixels);
    }

    /// <summary>Computes y.</summary>
    /// <param name="x">The map [P, I].</param>
    /// <param name="weight">W [O, I].</param>
    /// <param name="bias">The bias [O], or null.</param>
    /// <param name="y">Receives the result [P, O].</param>
    public void Forward(float* x, float* weight, float* bias, float* y)
    {
        PackedMatrix matrix = _team.Rent(_inputs, _outputs);
        matrix.FillTransposed(weight, _inputs);
        if (bias is not null)
        {
            new ReadOnlySpan<float>(bias, _outputs).CopyTo(matrix.Bias);
        }

        _team.For(checked((int)((_pixels + ChunkPixels - 1) / ChunkPixels)), (_, chunk) =>
        {
            nint first = (nint)chunk * ChunkPixels;
            int pixels = (int)Math.Min(ChunkPixels, _pixels - first);
            _team.Kernels.Product(MatrixRows.Plain(x + (first * _inputs), _inputs, _inputs), pixels, matrix, y + (first * _outputs), _outputs);
        });
        _team.Return(matrix);
    }

    /// <summary>Computes the gradients.</summary>
    /// <param name="x">The map [P, I].</param>
    /// <param name="weight">W [O, I].</param>
    /// <param name="dy">The gradient by the result [P, O].</param>
    /// <param name="dx">Receives the gradient by the map [P, I].</param>
    /// <param name="dWeight">Receives the gradient by W [O, I].</param>
    /// <param name="dBias">Receives the gradient by the bias [O], or null.</param>
    public void Backward(float* x, float* weight, float* dy, float* dx, float* dWeight, float* dBias)
    {
        PackedMatrix matrix = _team.Rent(_outputs, _inputs);
        matrix.Fill(weight, _inputs, _outputs);
        PackedMatrix[] chunks = _team.Rent(_team.Threads, ChunkPixels, _inputs);
        long size = (long)_outputs * _inputs;
        for (int lane = 0; lane < _lanes; lane++)
        {
            _team.LaneSums(lane, SumsSlot, size + _outputs);
        }

        _team.For(_lanes, (thread, lane) =>
        {
            nint end = (nint)(_pixels * (lane + 1) / _lanes);
            float* sums = _team.LaneBuffer(lane, SumsSlot);
            PackedMatrix packed = chunks[thread];
            for (nint first = (nint)(_pixels * lane / _lanes); first < end; first += ChunkPixels)
            {
                int pixels = (int)nint.Min(ChunkPixels, end - first);
                float* d = dy + (first * _outputs);
                packed.Fill(x + (first * _inputs), _inputs, pixels);
                _team.Kernels.Product(MatrixRows.Plain(d, _outputs, _outputs), pixels, matrix, dx + (first * _inputs), _inputs);
                _team.Kernels.ProductPlus(new MatrixRows(d, 1, pixels, _outputs, 1, 0), _outputs, packed, sums, sums, _inputs);
                _team.Training.AddChannels(d, pixels, _outputs, sums + size);
            }
        });
        _team.AddLanes(_lanes, SumsSlot, 0, size, dWeight);
        if (dBias is not null)
        {
            _team.AddLanes(_lanes, SumsSlot, (nint)size, _outputs, dBias);
        }

        _team.Return(matrix);
        _team.Return(chunks);
    }
}
