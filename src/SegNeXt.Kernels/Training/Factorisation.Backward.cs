namespace SegNeXt.Kernels;

/// <content>The backward pass, from the last round to the first.</content>
public sealed unsafe partial class Factorisation
{
    /// <summary>Computes the gradient by X.</summary>
    /// <param name="x">X [P, D].</param>
    /// <param name="kept">What the forward pass kept.</param>
    /// <param name="dy">The gradient by the result [P, D].</param>
    /// <param name="dx">Receives the gradient [P, D].</param>
    /// <param name="work"><see cref="BackwardWork"/> numbers to work with.</param>
    public void Backward(float* x, float* kept, float* dy, float* dx, float* work)
    {
        // X's gradient is left · rightᵀ: a pair of factors of R columns for each product with X.
        float* left = work; // [P, Depth]
        float* right = left + ((nint)_pixels * Depth); // [D, Depth]
        float* dc = right + ((nint)_channels * Depth); // [P, R]
        float* db = dc + Coefficients; // [D, R]
        float* dn = db + Bases; // [D, R]
        PackedMatrix bases = _team.Rent(_channels, _rank), gram = _team.Rent(_rank, _rank), gramBack = _team.Rent(_rank, _rank);
        PackedMatrix byGram = _team.Rent(_rank, _rank);
        PackedMatrix[] chunks = _team.Rent(_team.Threads, ChunkPixels, _rank);
        BackThroughProduct(kept, dy, dc, db, bases, chunks);
        for (int round = _rounds; round >= 0; round--)
        {
            bool hasBases = round < _rounds;
            if (hasBases)
            {
                BackThroughBases(kept, round, db, dn, byGram);
                bases.Fill(dn, _rank, _channels);
                Place(dn, _channels, right, (2 * round) + 1);
            }

            float* b = BasesAt(kept, round);
            FillGram(b, _channels, gram, withEpsilon: true);
            FillGram(b, _channels, gramBack, withEpsilon: false);
            Place(b, _channels, right, 2 * round);
            float* before = CoefficientsAt(kept, round);
            float* after = CoefficientsAt(kept, round + 1);
            float* products = ProductsAt(kept, round);
            ForChunks((thread, lane, first, pixels) =>
            {
                nint at = (nint)first * _rank;
                float* rows = x + ((nint)first * _channels);
                float* g = dc + at;
                float* side = left + ((nint)first * Depth);
                float* denominator = Chunk(thread, DenominatorSlot);
                float* byProduct = Chunk(thread, FirstSlot);
                float* byDenominator = Chunk(thread, SecondSlot);
                if (hasBases)
                {
                    _team.Kernels.ProductPlus(MatrixRows.Plain(rows, _channels, _channels), pixels, bases, g, g, _rank);
                    _team.Kernels.ProductPlus(MatrixRows.Plain(after + at, _rank, _rank), pixels, byGram, g, g, _rank);
                    Place(after + at, pixels, side, (2 * round) + 1);
                }

                _team.Kernels.Product(MatrixRows.Plain(before + at, _rank, _rank), pixels, gram, denominator, _rank, near: true);
                _team.Training.RatioBackward(products + at, before + at, after + at, denominator, g, byProduct, byDenominator, (nint)pixels * _rank);
                _team.Kernels.ProductPlus(MatrixRows.Plain(byDenominator, _rank, _rank), pixels, gramBack, g, g, _rank);
                Place(byProduct, pixels, side, 2 * round);
                AddOuter(lane, rows, byProduct, before + at, byDenominator, pixels, chunks[thread]);
            });
            AddToBases(b, db);
        }

        BackThroughSoftmax(kept, dc, left, right);
        PackedMatrix all = _team.Rent(Depth, _channels);
        all.FillTransposed(right, Depth);
        ForChunks((_, _, first, pixels) => _team.Kernels.Product(
            MatrixRows.Plain(left + ((nint)first * Depth), Depth, Depth), pixels, all, dx + ((nint)first * _channels), _channels));
        _team.Return(bases, gram, gramBack, byGram, all);
        _team.Return(chunks);
    }

    private float* Chunk(int thread, int slot) => _team.Buffer(thread, slot, (long)ChunkPixels * _rank);

    /// <summary>Copies rows of R numbers to their place among the factors.</summary>
    private void Place(float* rows, int count, float* factors, int number)
    {
        float* target = factors + ((nint)number * _rank);
        for (int i = 0; i < count; i++, rows += _rank, target += Depth)
        {
            new ReadOnlySpan<float>(rows, _rank).CopyTo(new Span<float>(target, _rank));
        }
    }

    /// <summary>Of C·Bᵀ: dC = dY·B, dB = dYᵀ·C.</summary>
    private void BackThroughProduct(float* kept, float* dy, float* dc, float* db, PackedMatrix bases, PackedMatrix[] chunks)
    {
        bases.Fill(BasesAt(kept, _rounds), _rank, _channels);
        float* coefficients = CoefficientsAt(kept, _rounds + 1);
        ForChunks((thread, lane, first, pixels) =>
        {
            float* rows = dy + ((nint)first * _channels);
            float* c = coefficients + ((nint)first * _rank);
            _team.Kernels.Product(MatrixRows.Plain(rows, _channels, _channels), pixels, bases, dc + ((nint)first * _rank), _rank);
            AddOuter(lane, rows, c, c, c, pixels, chunks[thread]);
        });
        _team.AddLanes(_lanes, SumsSlot, 0, Bases, db);
    }

    /// <summary>
    /// Of B′ = B ⊙ N / (B·G + ε), N = XᵀC, G = CᵀC: <paramref name="db"/> turns from the gradient by B′ into that by B,
    /// and what C's gradient needs comes out: the gradient by N, and that by G plus its transpose.
    /// </summary>
    private void BackThroughBases(float* kept, int round, float* db, float* dn, PackedMatrix byGram)
    {
        float* b = BasesAt(kept, round);
        float* c = CoefficientsAt(kept, round + 1);
        PackedMatrix gram = _team.Rent(_rank, _rank), packed = _team.Rent(_channels, _rank);
        FillGram(c, _pixels, gram, withEpsilon: true);
        float* scratch = _team.LaneSums(0, UpdateSlot, (2 * Bases) + ((nint)_rank * _rank));
        float* dd = scratch + Bases;
        float* g = dd + Bases;
        _team.Kernels.Product(MatrixRows.Plain(b, _rank, _rank), _channels, gram, scratch, _rank);
        _team.Training.RatioBackward(BaseProductsAt(kept, round), b, BasesAt(kept, round + 1), scratch, db, dn, dd, Bases);
        gram.Bias.Clear();
        _team.Kernels.ProductPlus(MatrixRows.Plain(dd, _rank, _rank), _channels, gram, db, db, _rank);
        packed.Fill(dd, _rank, _channels);
        _team.Kernels.Product(new MatrixRows(b, 1, _channels, _rank, 1, 0), _rank, packed, g, _rank);
        AddTransposed(g);
        byGram.Fill(g, _rank, _rank);
        _team.Return(gram, packed);
    }

    /// <summary>db += XᵀdN + B·(S + Sᵀ), with XᵀdN and S = Cᵀ·dD from the lanes' sums.</summary>
    private void AddToBases(float* b, float* db)
    {
        float* scratch = _team.LaneSums(0, UpdateSlot, (2 * Bases) + ((nint)_rank * _rank));
        float* s = scratch + Bases;
        _team.AddLanes(_lanes, SumsSlot, 0, Bases, scratch);
        _team.AddLanes(_lanes, SumsSlot, Bases, (long)_rank * _rank, s);
        _team.Kernels.Add(scratch, db, Bases);
        AddTransposed(s);
        PackedMatrix packed = _team.Rent(_rank, _rank);
        packed.Fill(s, _rank, _rank);
        _team.Kernels.ProductPlus(MatrixRows.Plain(b, _rank, _rank), _channels, packed, db, db, _rank);
        _team.Return(packed);
    }

    private void AddTransposed(float* square)
    {
        for (int i = 0; i < _rank; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                float sum = square[(i * _rank) + j] + square[(j * _rank) + i];
                square[(i * _rank) + j] = sum;
                square[(j * _rank) + i] = sum;
            }
        }
    }

    /// <summary>Of C = softmax(X·B): the last pair of factors.</summary>
    private void BackThroughSoftmax(float* kept, float* dc, float* left, float* right)
    {
        int number = (2 * _rounds) + 1;
        Place(BasesAt(kept, 0), _channels, right, number);
        float* coefficients = CoefficientsAt(kept, 0);
        ForChunks((_, _, first, pixels) =>
        {
            for (int p = first; p < first + pixels; p++)
            {
                float* c = coefficients + ((nint)p * _rank);
                float* g = dc + ((nint)p * _rank);
                float* target = left + ((nint)p * Depth) + ((nint)number * _rank);
                float sum = 0;
                for (int r = 0; r < _rank; r++)
                {
                    sum += c[r] * g[r];
                }

                for (int r = 0; r < _rank; r++)
                {
                    target[r] = c[r] * (g[r] - sum);
                }
            }
        });
    }
}
