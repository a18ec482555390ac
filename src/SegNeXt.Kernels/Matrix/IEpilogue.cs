using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>What happens to a finished sum of a matrix product, which begins with the bias, on its way to memory.</summary>
internal unsafe interface IEpilogue
{
    /// <summary>Whether it reads X, a map that may be far from the caches. X may be C, which then must be written once.</summary>
    static virtual bool ReadsX => false;

    /// <summary>Whether C is a map that may be far from the caches, and is not X.</summary>
    bool WritesFar => false;

    /// <summary>A number a column.</summary>
    float* Bias { get; }

    /// <summary>What X has for an element of C.</summary>
    /// <param name="target">The element.</param>
    /// <param name="row">Its row.</param>
    /// <param name="vector">Its column in whole vectors.</param>
    float* X(float* target, int row, int vector) => target;

    /// <summary>Stores one vector of sums.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its first column, for what is per column.</param>
    /// <param name="sum">The sums.</param>
    void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>C = A·B + bias.</summary>
/// <param name="bias">A number a column.</param>
/// <param name="near">Whether C is in the caches already.</param>
internal readonly unsafe struct Biased(float* bias, bool near) : IEpilogue
{
    /// <inheritdoc/>
    public bool WritesFar => !near;

    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(target, sum);
}

/// <summary>C = max(A·B + bias, 0).</summary>
internal readonly unsafe struct BiasedRelu(float* bias) : IEpilogue
{
    /// <inheritdoc/>
    public bool WritesFar => true;

    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(target, TSimd.Max(sum, TSimd.Zero));
}

/// <summary>C = A·B + bias + X, X with the strides of C: a residual connection. X may be C itself.</summary>
/// <param name="bias">A number a column.</param>
/// <param name="distance">Floats from an element of C to that of X.</param>
internal readonly unsafe struct BiasedPlus(float* bias, nint distance) : IEpilogue
{
    /// <inheritdoc/>
    public bool WritesFar => distance != 0;

    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    public static bool ReadsX => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* X(float* target, int row, int vector) => target + distance;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(target, TSimd.Add(TSimd.Load(target + distance), sum));
}

/// <summary>C = A·B + bias + scale·X: a residual connection over a batch norm, whose shift is in the bias.</summary>
/// <param name="bias">A number a column.</param>
/// <param name="scale">A number a column.</param>
/// <param name="distance">Floats from an element of C to that of X.</param>
internal readonly unsafe struct BiasedPlusScaled(float* bias, float* scale, nint distance) : IEpilogue
{
    /// <inheritdoc/>
    public bool WritesFar => distance != 0;

    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    public static bool ReadsX => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* X(float* target, int row, int vector) => target + distance;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(
            target, TSimd.MultiplyAdd(TSimd.Load(target + distance), TSimd.Load(scale + column), sum));
}

/// <summary>C = (A·B + bias) ∘ X: the attention of MSCA (paper, Equation 2).</summary>
/// <param name="bias">A number a column.</param>
/// <param name="x">X.</param>
/// <param name="rowStride">Floats from one row of X to the next.</param>
/// <param name="vectorStride">Floats from one vector of a row of X to the next.</param>
internal readonly unsafe struct BiasedTimes(float* bias, float* x, nint rowStride, nint vectorStride) : IEpilogue
{
    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    public static bool ReadsX => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* X(float* target, int row, int vector) => x + (row * rowStride) + (vector * vectorStride);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Store(target, TSimd.Multiply(TSimd.Load(X(target, row, column / TSimd.Count)), sum));
}

/// <summary>Another ending after the sums of each column are multiplied by a number: where B's columns are held as multiples of themselves.</summary>
/// <param name="inner">The other ending, whose bias is not read.</param>
/// <param name="bias">A number a column, the same multiples of the bias.</param>
/// <param name="units">A number a column to multiply by.</param>
internal readonly unsafe struct InUnits<TEpilogue>(TEpilogue inner, float* bias, float* units) : IEpilogue
    where TEpilogue : struct, IEpilogue
{
    /// <inheritdoc/>
    public float* Bias => bias;

    /// <inheritdoc/>
    public static bool ReadsX => TEpilogue.ReadsX;

    /// <inheritdoc/>
    public bool WritesFar => inner.WritesFar;

    /// <inheritdoc/>
    public float* X(float* target, int row, int vector) => inner.X(target, row, vector);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<TSimd, TVector>(float* target, int row, int column, TVector sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => inner.Store<TSimd, TVector>(target, row, column, TSimd.Multiply(sum, TSimd.Load(units + column)));
}
