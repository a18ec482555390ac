using System.Runtime.InteropServices;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The hamburger's non-negative matrix factorisation (paper, Section 3.2; <c>NMF2D</c> of the released
/// <c>hamburger.py</c>): X ≈ C·Bᵀ by multiplicative updates, X <c>[P, D]</c> with a row a pixel, C <c>[P, R]</c>, B
/// <c>[D, R]</c>. A round reads X once: for a chunk of pixels, X·B renews C, and the new C gives the chunk's share of XᵀC.
/// Cost: (2 · rounds + 2) · P · D · R multiply-adds.
/// </summary>
internal sealed unsafe class FactorisationPasses : IDisposable
{
    private const float Epsilon = 1e-6f;
    private const int FewRows = 32;

    private readonly KernelSet _kernels;
    private readonly Chunks _chunks;
    private readonly int _dim;
    private readonly int _rank;
    private readonly int _rounds;
    private readonly int _stride;
    private readonly bool _transposed;
    private readonly float* _x;
    private readonly int _xStride;
    private readonly float* _coefficients;
    private readonly float* _bases;
    private readonly float* _gram;
    private readonly float* _shares;
    private readonly float* _sum;
    private readonly ThreadScratch _scratch;
    private readonly float[] _initialBases;
    private readonly PackedMatrix _packedBases;
    private readonly PackedMatrix _packedGram;
    private readonly PackedMatrix[] _packedCoefficients;

    public FactorisationPasses(PlanBuilder plan, float* x, int xStride, Chunks chunks, float[] bases, int dim, int rank, int rounds)
    {
        _kernels = plan.Kernels;
        _chunks = chunks;
        _dim = dim;
        _rank = rank;
        _rounds = rounds;
        _stride = _kernels.Pad(rank);
        _x = x;
        _xStride = xStride;
        _initialBases = bases;
        _coefficients = plan.Arena.Take((long)chunks.Pixels * _stride);
        _bases = plan.Arena.Take((long)dim * _stride);
        _gram = plan.Arena.Take((long)rank * _stride);
        _shares = plan.Arena.Take((long)chunks.Count * ShareSize);

        // A transpose has no place for what fills a row's last vector up.
        _transposed = rank == _stride && _kernels.HasTransposedProduct(dim);
        _sum = plan.Arena.Take((long)(dim + rank + dim + (_transposed ? dim : 0)) * _stride);
        _scratch = plan.TakeScratch(2L * Chunks.Piece * _stride);
        _packedBases = _kernels.CreateMatrix(dim, rank);
        _packedGram = _kernels.CreateMatrix(rank, rank);
        _packedCoefficients = new PackedMatrix[plan.Threads];
        for (int i = 0; i < _packedCoefficients.Length; i++)
        {
            _packedCoefficients[i] = _kernels.CreateMatrix(Chunks.Piece, rank);
        }
    }

    /// <summary>B, row by row.</summary>
    public float* Bases => _bases;

    /// <summary>Floats in a row of C and B.</summary>
    public int Stride => _stride;

    // XᵀC, or its transpose CᵀX where there is a product for that, and CᵀC of one chunk.
    private int ShareSize => (_dim + _rank) * _stride;

    /// <summary>C from a pixel on, a row of <see cref="Stride"/> floats a pixel.</summary>
    public float* CoefficientsOf(int start) => _coefficients + ((nint)start * _stride);

    /// <summary>Adds the step before X is written: sets the bases.</summary>
    public void AddStart(PlanBuilder plan) => plan.Add("nmf start", 1, (_, _) => SetBases());

    /// <summary>
    /// The first round of a piece whose X has just been written: C = softmax(X·B) and its first renewal, which need the same
    /// product.
    /// </summary>
    public void FirstRound(int thread, int chunk, int start, int pixels)
    {
        float* c = CoefficientsOf(start);
        float* numerator = _scratch.Of(thread);
        _kernels.Product(Pixels(start), pixels, _packedBases, numerator, _stride, near: true);
        _kernels.Softmax(numerator, c, pixels, _rank, _stride);

        if (_rounds > 0)
        {
            Renew(thread, start, pixels);
            Share(thread, chunk, start, pixels);
        }
    }

    /// <summary>Adds the other phases: the end of the first round, the further rounds, and C once more.</summary>
    public void AddRounds(PlanBuilder plan)
    {
        for (int round = 0; round < _rounds; round++)
        {
            if (round > 0)
            {
                plan.Add("nmf round", _chunks.Count, Round);
            }

            plan.AddBands("nmf sum", _dim + _rank, FewRows, (_, from, to) => AddShares(from, to));
            plan.Add("nmf bases", 1, (_, _) => UpdateBases());
        }

        plan.Add("nmf last", _chunks.Count, (thread, chunk) =>
        {
            foreach ((int start, int pixels) in _chunks.Pieces(chunk))
            {
                UpdateCoefficients(thread, start, pixels);
            }
        });
    }

    public void Dispose()
    {
        _packedBases.Dispose();
        _packedGram.Dispose();
        Array.ForEach(_packedCoefficients, matrix => matrix.Dispose());
    }

    private MatrixRows Pixels(int start) => MatrixRows.Plain(_x + ((nint)start * _xStride), _xStride, _dim);

    private void SetBases()
    {
        NativeMemory.Clear(_bases, (nuint)(_dim * _stride) * sizeof(float));
        for (int d = 0; d < _dim; d++)
        {
            _initialBases.AsSpan(d * _rank, _rank).CopyTo(new Span<float>(_bases + (d * _stride), _rank));
        }

        PackBases();
    }

    /// <summary>Makes B and BᵀB ready for products.</summary>
    private void PackBases()
    {
        _packedBases.Fill(_bases, _stride, _dim);
        _kernels.Product(new MatrixRows(_bases, 1, _dim, _stride, 1, 0), _rank, _packedBases, _gram, _stride);
        _packedGram.Fill(_gram, _stride, _rank);
    }

    private void Round(int thread, int chunk)
    {
        // A piece of X is still in the cache when its share is computed.
        foreach ((int start, int pixels) in _chunks.Pieces(chunk))
        {
            UpdateCoefficients(thread, start, pixels);
            Share(thread, chunk, start, pixels);
        }
    }

    /// <summary>C = C ∘ (X·B) / (C·BᵀB + ε).</summary>
    private void UpdateCoefficients(int thread, int start, int pixels)
    {
        _kernels.Product(Pixels(start), pixels, _packedBases, _scratch.Of(thread), _stride, near: true);
        Renew(thread, start, pixels);
    }

    /// <summary>As above, X·B being in the thread's memory.</summary>
    private void Renew(int thread, int start, int pixels)
    {
        float* c = CoefficientsOf(start);
        float* numerator = _scratch.Of(thread);
        float* denominator = numerator + (Chunks.Piece * (nint)_stride);
        _kernels.Product(MatrixRows.Plain(c, _stride, _rank), pixels, _packedGram, denominator, _stride, near: true);
        _kernels.MultiplicativeUpdate(c, numerator, denominator, Epsilon, (nint)pixels * _stride);
    }

    /// <summary>Adds a piece's XᵀC and CᵀC to the chunk's: products of transposed matrices with C, which is packed for both.</summary>
    private void Share(int thread, int chunk, int start, int pixels)
    {
        float* c = CoefficientsOf(start);
        PackedMatrix packed = _packedCoefficients[thread];
        packed.Fill(c, _stride, pixels);
        float* share = _shares + ((nint)chunk * ShareSize);
        float* gram = share + ((nint)_dim * _stride);
        bool fresh = start == _chunks.Start(chunk);
        Transposed(c, _stride, _rank, gram);
        float* x = _x + ((nint)start * _xStride);
        if (_transposed)
        {
            _kernels.TransposedProduct(c, _stride, _rank, x, _xStride, pixels, _dim, share, _dim, add: !fresh);
        }
        else
        {
            Transposed(x, _xStride, _dim, share);
        }

        void Transposed(float* rows, nint stride, int count, float* target)
        {
            MatrixRows columns = new(rows, 1, pixels, stride, 1, 0);
            if (fresh)
            {
                _kernels.Product(columns, count, packed, target, _stride);
            }
            else
            {
                _kernels.ProductPlus(columns, count, packed, target, target, _stride);
            }
        }
    }

    /// <summary>Adds the chunks' shares of some rows of XᵀC, and of CᵀC below them.</summary>
    private void AddShares(int from, int to)
    {
        nint at = (nint)from * _stride, count = (nint)(to - from) * _stride;
        NativeMemory.Copy(_shares + at, _sum + at, (nuint)count * sizeof(float));
        for (int chunk = 1; chunk < _chunks.Count; chunk++)
        {
            _kernels.Add(_shares + ((nint)chunk * ShareSize) + at, _sum + at, count);
        }
    }

    /// <summary>B = B ∘ (XᵀC) / (B·CᵀC + ε), of the shares' sum.</summary>
    private void UpdateBases()
    {
        float* gram = _sum + ((nint)_dim * _stride);
        float* denominator = gram + ((nint)_rank * _stride);
        _packedGram.Fill(gram, _stride, _rank);
        _kernels.Product(MatrixRows.Plain(_bases, _stride, _rank), _dim, _packedGram, denominator, _stride, near: true);
        float* numerator = _sum;
        if (_transposed)
        {
            numerator = denominator + ((nint)_dim * _stride);
            Transpose(_sum, numerator);
        }

        _kernels.MultiplicativeUpdate(_bases, numerator, denominator, Epsilon, (nint)_dim * _stride);
        PackBases();
    }

    /// <summary>From <c>[R, D]</c> to <c>[D, R]</c>, a cache line of each row at a time.</summary>
    private void Transpose(float* source, float* target)
    {
        const int Line = 16;
        for (int first = 0; first < _dim; first += Line)
        {
            for (int r = 0; r < _rank; r++)
            {
                for (int d = first; d < Math.Min(first + Line, _dim); d++)
                {
                    target[(d * _stride) + r] = source[(r * _dim) + d];
                }
            }
        }
    }
}
