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

    private readonly KernelSet _kernels;
    private readonly Chunks _chunks;
    private readonly int _dim;
    private readonly int _rank;
    private readonly int _stride;
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

    public FactorisationPasses(PlanBuilder plan, float* x, int xStride, Chunks chunks, float[] bases, int dim, int rank)
    {
        _kernels = plan.Kernels;
        _chunks = chunks;
        _dim = dim;
        _rank = rank;
        _stride = _kernels.Pad(rank);
        _x = x;
        _xStride = xStride;
        _initialBases = bases;
        _coefficients = plan.Arena.Take((long)chunks.Pixels * _stride);
        _bases = plan.Arena.Take((long)dim * _stride);
        _gram = plan.Arena.Take((long)rank * _stride);
        _shares = plan.Arena.Take((long)chunks.Count * ShareSize);
        _sum = plan.Arena.Take((long)(dim + rank + dim) * _stride);
        _scratch = plan.TakeScratch(2L * chunks.Largest * _stride);
        _packedBases = _kernels.CreateMatrix(dim, rank);
        _packedGram = _kernels.CreateMatrix(rank, rank);
        _packedCoefficients = new PackedMatrix[plan.Threads];
        for (int i = 0; i < _packedCoefficients.Length; i++)
        {
            _packedCoefficients[i] = _kernels.CreateMatrix(chunks.Largest, rank);
        }
    }

    /// <summary>C, row by row, <see cref="Stride"/> floats each.</summary>
    public float* Coefficients => _coefficients;

    /// <summary>B, row by row.</summary>
    public float* Bases => _bases;

    /// <summary>Floats in a row of C and B.</summary>
    public int Stride => _stride;

    // XᵀC and CᵀC of one chunk.
    private int ShareSize => (_dim + _rank) * _stride;

    /// <summary>Adds the phases: start, rounds, and C once more.</summary>
    public void Add(PlanBuilder plan, int rounds)
    {
        plan.Add("nmf start", 1, (_, _) => SetBases());
        plan.Add("nmf softmax", _chunks.Count, (_, chunk) => Start(chunk));
        for (int round = 0; round < rounds; round++)
        {
            plan.Add("nmf round", _chunks.Count, (thread, chunk) =>
            {
                UpdateCoefficients(thread, chunk);
                Share(thread, chunk);
            });
            plan.Add("nmf bases", 1, (_, _) => UpdateBases());
        }

        plan.Add("nmf last", _chunks.Count, UpdateCoefficients);
    }

    public void Dispose()
    {
        _packedBases.Dispose();
        _packedGram.Dispose();
        Array.ForEach(_packedCoefficients, matrix => matrix.Dispose());
    }

    private MatrixRows Pixels(int chunk) => MatrixRows.Plain(_x + ((nint)_chunks.Start(chunk) * _xStride), _xStride, _dim);

    private float* CoefficientsOf(int chunk) => _coefficients + ((nint)_chunks.Start(chunk) * _stride);

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

    /// <summary>C = softmax(X·B) over the bases.</summary>
    private void Start(int chunk)
    {
        float* c = CoefficientsOf(chunk);
        int pixels = _chunks.Length(chunk);
        _kernels.Product(Pixels(chunk), pixels, _packedBases, c, _stride);
        for (int p = 0; p < pixels; p++)
        {
            Softmax(new Span<float>(c + ((nint)p * _stride), _rank));
        }
    }

    private static void Softmax(Span<float> values)
    {
        float max = values[0];
        foreach (float value in values)
        {
            max = MathF.Max(max, value);
        }

        float sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Exp(values[i] - max);
            sum += values[i];
        }

        float inverse = 1 / sum;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= inverse;
        }
    }

    /// <summary>C = C ∘ (X·B) / (C·BᵀB + ε).</summary>
    private void UpdateCoefficients(int thread, int chunk)
    {
        int pixels = _chunks.Length(chunk);
        float* c = CoefficientsOf(chunk);
        float* numerator = _scratch.Of(thread);
        float* denominator = numerator + ((nint)_chunks.Largest * _stride);
        _kernels.Product(Pixels(chunk), pixels, _packedBases, numerator, _stride);
        _kernels.Product(MatrixRows.Plain(c, _stride, _rank), pixels, _packedGram, denominator, _stride);
        _kernels.MultiplicativeUpdate(c, numerator, denominator, Epsilon, (nint)pixels * _stride);
    }

    /// <summary>The chunk's XᵀC and CᵀC: products of transposed matrices with C, which is packed for both.</summary>
    private void Share(int thread, int chunk)
    {
        int pixels = _chunks.Length(chunk);
        float* c = CoefficientsOf(chunk);
        PackedMatrix packed = _packedCoefficients[thread];
        packed.Fill(c, _stride, pixels);
        float* share = _shares + ((nint)chunk * ShareSize);
        float* x = _x + ((nint)_chunks.Start(chunk) * _xStride);
        _kernels.Product(new MatrixRows(x, 1, pixels, _xStride, 1, 0), _dim, packed, share, _stride);
        _kernels.Product(new MatrixRows(c, 1, pixels, _stride, 1, 0), _rank, packed, share + ((nint)_dim * _stride), _stride);
    }

    /// <summary>B = B ∘ (XᵀC) / (B·CᵀC + ε).</summary>
    private void UpdateBases()
    {
        NativeMemory.Copy(_shares, _sum, (nuint)ShareSize * sizeof(float));
        for (int chunk = 1; chunk < _chunks.Count; chunk++)
        {
            _kernels.Add(_shares + ((nint)chunk * ShareSize), _sum, ShareSize);
        }

        float* gram = _sum + ((nint)_dim * _stride);
        float* denominator = gram + ((nint)_rank * _stride);
        _packedGram.Fill(gram, _stride, _rank);
        _kernels.Product(MatrixRows.Plain(_bases, _stride, _rank), _dim, _packedGram, denominator, _stride);
        _kernels.MultiplicativeUpdate(_bases, _sum, denominator, Epsilon, (nint)_dim * _stride);
        PackBases();
    }
}
