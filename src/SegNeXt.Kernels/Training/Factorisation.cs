namespace SegNeXt.Kernels;

/// <summary>
/// The hamburger's factorisation X ≈ C·Bᵀ of one image in training, forward and backward: from C = softmax(X·B),
/// <c>C ← C ⊙ X·B / (C·BᵀB + ε)</c> and <c>B ← B ⊙ Xᵀ·C / (B·CᵀC + ε)</c> in turn, C once more, and C·Bᵀ.
/// P pixels, D channels, R bases, T rounds.
/// </summary>
/// <remarks>
/// A round goes over X once each way: a chunk of pixels is multiplied with the bases, and its new coefficients are summed up while it
/// lies in the second-level cache. The gradient by X is one product at the end, of all rounds' factors side by side.
/// </remarks>
public sealed unsafe partial class Factorisation
{
    private const int ChunkPixels = 96;

    // The buffers of a thread.
    private const int DenominatorSlot = 14;
    private const int FirstSlot = 15;
    private const int SecondSlot = 16;

    // The buffers of a lane.
    private const int SumsSlot = 9;
    private const int SmallSlot = 10;
    private const int UpdateSlot = 11;

    private readonly TrainingTeam _team;
    private readonly int _pixels;
    private readonly int _channels;
    private readonly int _rank;
    private readonly int _rounds;
    private readonly float _epsilon;
    private readonly int _lanes;

    /// <summary>Prepares the passes.</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="pixels">P.</param>
    /// <param name="channels">D, a multiple of <see cref="TrainingShape.ChannelStep"/>.</param>
    /// <param name="rank">R, likewise.</param>
    /// <param name="rounds">T.</param>
    /// <param name="epsilon">ε.</param>
    public Factorisation(TrainingTeam team, int pixels, int channels, int rank, int rounds, double epsilon)
    {
        (_team, _pixels, _channels, _rank, _rounds, _epsilon) = (team, pixels, channels, rank, rounds, (float)epsilon);
        _lanes = Math.Min(team.Lanes, (pixels + ChunkPixels - 1) / ChunkPixels);
    }

    /// <summary>Numbers that the forward pass keeps.</summary>
    public long KeptCount => (((2L * _rounds) + 3) * Coefficients) + (((2L * _rounds) + 1) * Bases);

    /// <summary>Numbers that the backward pass works on.</summary>
    public long BackwardWork => ((long)_pixels * Depth) + ((long)Depth * _channels) + Coefficients + (2 * Bases);

    private nint Coefficients => (nint)_pixels * _rank;

    private nint Bases => (nint)_channels * _rank;

    // The factors of X's gradient side by side: one for each update and one for the softmax.
    private int Depth => ((2 * _rounds) + 2) * _rank;

    /// <summary>Factorises and multiplies out.</summary>
    /// <param name="x">X [P, D], not negative.</param>
    /// <param name="bases">The bases to start from [D, R].</param>
    /// <param name="y">Receives C·Bᵀ [P, D].</param>
    /// <param name="kept">Receives <see cref="KeptCount"/> numbers for the backward pass.</param>
    public void Forward(float* x, float* bases, float* y, float* kept)
    {
        Buffer.MemoryCopy(bases, BasesAt(kept, 0), Bases * sizeof(float), Bases * sizeof(float));
        PackedMatrix packed = _team.Rent(_channels, _rank), gram = _team.Rent(_rank, _rank);
        PackedMatrix[] chunks = _team.Rent(_team.Threads, ChunkPixels, _rank);
        for (int round = 0; round <= _rounds; round++)
        {
            float* b = BasesAt(kept, round);
            packed.Fill(b, _rank, _channels);
            FillGram(b, _channels, gram, withEpsilon: true);
            float* before = CoefficientsAt(kept, round);
            float* after = CoefficientsAt(kept, round + 1);
            float* products = ProductsAt(kept, round);
            bool isFirst = round == 0, isLast = round == _rounds;
            ForChunks((thread, lane, first, pixels) =>
            {
                nint at = (nint)first * _rank;
                float* rows = x + ((nint)first * _channels);
                _team.Kernels.Product(MatrixRows.Plain(rows, _channels, _channels), pixels, packed, products + at, _rank);
                if (isFirst)
                {
                    _team.Kernels.Softmax(products + at, before + at, pixels, _rank, _rank);
                }

                float* denominator = _team.Buffer(thread, DenominatorSlot, (long)ChunkPixels * _rank);
                _team.Kernels.Product(MatrixRows.Plain(before + at, _rank, _rank), pixels, gram, denominator, _rank, near: true);
                _team.Training.Ratio(before + at, products + at, denominator, after + at, (nint)pixels * _rank);
                if (!isLast)
                {
                    AddOuter(lane, rows, after + at, after + at, after + at, pixels, chunks[thread]);
                }
            });
            if (!isLast)
            {
                UpdateBases(kept, round);
            }
        }

        MultiplyOut(CoefficientsAt(kept, _rounds + 1), BasesAt(kept, _rounds), y);
        _team.Return(packed, gram);
        _team.Return(chunks);
    }

    private float* CoefficientsAt(float* kept, int state) => kept + (state * Coefficients);

    private float* ProductsAt(float* kept, int round) => kept + ((_rounds + 2 + round) * Coefficients);

    private float* BasesAt(float* kept, int state) => kept + (((2 * _rounds) + 3) * Coefficients) + (state * Bases);

    private float* BaseProductsAt(float* kept, int round) => BasesAt(kept, _rounds + 1 + round);

    private delegate void ChunkBody(int thread, int lane, int first, int pixels);

    private void ForChunks(ChunkBody body)
    {
        for (int lane = 0; lane < _lanes; lane++)
        {
            _team.LaneSums(lane, SumsSlot, Bases + ((nint)_rank * _rank));
        }

        _team.For(_lanes, (thread, lane) =>
        {
            int end = (int)((long)_pixels * (lane + 1) / _lanes);
            for (int first = (int)((long)_pixels * lane / _lanes); first < end; first += ChunkPixels)
            {
                body(thread, lane, first, Math.Min(ChunkPixels, end - first));
            }
        });
    }

    /// <summary>Adds xᵀ·y and c·d over a chunk, the latter with c transposed, to a lane's sums.</summary>
    private void AddOuter(int lane, float* x, float* y, float* c, float* d, int pixels, PackedMatrix packed)
    {
        float* sums = _team.LaneBuffer(lane, SumsSlot);
        packed.Fill(y, _rank, pixels);
        _team.Kernels.ProductPlus(new MatrixRows(x, 1, pixels, _channels, 1, 0), _channels, packed, sums, sums, _rank);
        packed.Fill(d, _rank, pixels);
        _team.Kernels.ProductPlus(new MatrixRows(c, 1, pixels, _rank, 1, 0), _rank, packed, sums + Bases, sums + Bases, _rank);
    }

    /// <summary>B ← B ⊙ XᵀC / (B·CᵀC + ε), with both products from the lanes' sums.</summary>
    private void UpdateBases(float* kept, int round)
    {
        float* products = BaseProductsAt(kept, round);
        float* small = _team.LaneSums(0, SmallSlot, ((nint)_rank * _rank) + Bases);
        float* denominator = small + ((nint)_rank * _rank);
        _team.AddLanes(_lanes, SumsSlot, 0, Bases, products);
        _team.AddLanes(_lanes, SumsSlot, Bases, (long)_rank * _rank, small);
        Multiply(BasesAt(kept, round), _channels, small, denominator, _epsilon);
        _team.Training.Ratio(BasesAt(kept, round), products, denominator, BasesAt(kept, round + 1), Bases);
    }

    /// <summary>target = rows · small + bias, small being [R, R].</summary>
    private void Multiply(float* rows, int count, float* small, float* target, float bias)
    {
        PackedMatrix packed = _team.Rent(_rank, _rank);
        packed.Fill(small, _rank, _rank);
        packed.Bias.Fill(bias);
        _team.Kernels.Product(MatrixRows.Plain(rows, _rank, _rank), count, packed, target, _rank);
        _team.Return(packed);
    }

    /// <summary>Fills in rowsᵀ·rows.</summary>
    private void FillGram(float* rows, int count, PackedMatrix target, bool withEpsilon)
    {
        PackedMatrix packed = _team.Rent(count, _rank);
        packed.Fill(rows, _rank, count);
        float* gram = _team.LaneSums(0, SmallSlot, (long)_rank * _rank);
        _team.Kernels.Product(new MatrixRows(rows, 1, count, _rank, 1, 0), _rank, packed, gram, _rank);
        target.Fill(gram, _rank, _rank);
        target.Bias.Fill(withEpsilon ? _epsilon : 0);
        _team.Return(packed);
    }

    /// <summary>y = C·Bᵀ.</summary>
    private void MultiplyOut(float* coefficients, float* bases, float* y)
    {
        PackedMatrix packed = _team.Rent(_rank, _channels);
        packed.FillTransposed(bases, _rank);
        ForChunks((_, _, first, pixels) => _team.Kernels.Product(
            MatrixRows.Plain(coefficients + ((nint)first * _rank), _rank, _rank), pixels, packed, y + ((nint)first * _channels), _channels));
        _team.Return(packed);
    }
}
