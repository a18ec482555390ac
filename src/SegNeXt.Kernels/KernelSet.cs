using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels;

/// <summary>
/// The kernels compiled for one instruction level. Maps lie with channels last, a pixel's channels filled up with zeros
/// to a multiple of <see cref="VectorLength"/>; strides are in floats.
/// </summary>
/// <remarks>
/// Kernels go by pointers. Matrices, taps and buffers free their memory when they are collected, which may be as soon as nobody will use them again: whoever
/// calls keeps them until the call returns, as <c>using</c> does.
/// </remarks>
public abstract unsafe class KernelSet
{
    private static readonly KernelSet s_portable = new KernelSet<Simd128, Vector128<float>>(InstructionLevel.Portable, default);
    private static readonly KernelSet s_avx2 = new KernelSet<Simd256, Vector256<float>>(InstructionLevel.Avx2, default);
    private static readonly KernelSet s_avx512 = new KernelSet<Simd512, Vector512<float>>(InstructionLevel.Avx512, new(Pairs: true, Wide: Processor.ShortOfLoads));
    private static readonly KernelSet s_alone = new KernelSet<Simd512, Vector512<float>>(InstructionLevel.Avx512, new(Pairs: false, Wide: Processor.ShortOfLoads));

    private protected KernelSet(InstructionLevel level)
    {
        Level = level;
    }

    /// <summary>The set for the widest vectors that this machine has.</summary>
    public static KernelSet Best => For(InstructionLevels.Best);

    /// <summary>The level.</summary>
    public InstructionLevel Level { get; }

    /// <summary>Floats in a vector.</summary>
    public abstract int VectorLength { get; }

    /// <summary>The set of a level.</summary>
    /// <param name="level">The level.</param>
    /// <exception cref="PlatformNotSupportedException">This machine does not have it.</exception>
    public static KernelSet For(InstructionLevel level) => level > InstructionLevels.Best
        ? throw new PlatformNotSupportedException($"This processor has no {level}.")
        : level switch
        {
            InstructionLevel.Avx512 => s_avx512,
            InstructionLevel.Avx2 => s_avx2,
            _ => s_portable,
        };

    /// <summary>The set of a level, or the one for the widest vectors that this machine has.</summary>
    /// <param name="level">The level, or null.</param>
    /// <exception cref="PlatformNotSupportedException">This machine does not have it.</exception>
    public static KernelSet Of(InstructionLevel? level) => level is { } one ? For(one) : Best;

    /// <summary>A number rounded up to whole vectors.</summary>
    /// <param name="channels">The number.</param>
    public int Pad(int channels) => (channels + VectorLength - 1) / VectorLength * VectorLength;

    /// <summary>Room for a matrix in the layout of this level.</summary>
    /// <param name="depth">Rows.</param>
    /// <param name="columns">Columns.</param>
    public PackedMatrix CreateMatrix(int depth, int columns) => new(depth, columns, VectorLength);

    /// <summary>Whether this processor is known to be faster with products in pairs than without.</summary>
    public static bool PairsPay => Processor.AddsApart;

    /// <summary>Whether there are products in pairs at this level: they take AVX-512's registers.</summary>
    public bool HasPairs => Level == InstructionLevel.Avx512;

    /// <summary>The kernels whose products go without pairs, with the same bits as before <see cref="Pair"/>.</summary>
    public KernelSet WithoutPairs => HasPairs ? s_alone : this;

    /// <summary>
    /// Begins to keep some rows that a matrix is multiplied with, until <see cref="Pair"/>. Which ones depends on the order of the products, which must be
    /// one thread's.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    public static void Observe(PackedMatrix matrix) => matrix.Sample ??= new RowSample(matrix.Depth);

    /// <summary>
    /// Makes a matrix ready for products whose numbers are multiplied in pairs (Winograd 1968), two thirds of the multiplications, if these are
    /// as exact for the rows that have been kept since <see cref="Observe"/>. Its numbers and its bias must not be set any more. Columns that fill the
    /// last vector up are rounding errors then, not zeros.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <returns>Whether it is; never where there are none (<see cref="HasPairs"/>).</returns>
    public bool Pair(PackedMatrix matrix) => MatrixPairing.Try(this, matrix);

    /// <summary>Has what products in pairs need compiled, which a just-in-time compiler takes a tenth of a second for.</summary>
    public void CompilePairs()
    {
        if (HasPairs)
        {
            MatrixPairing.Compile(this);
        }
    }

    /// <summary>Hints that pixels will be read soon: the cache line that each begins in.</summary>
    /// <param name="start">The first pixel.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="stride">Floats from one pixel to the next.</param>
    public static void Prefetch(float* start, int pixels, nint stride) => SegNeXt.Kernels.Prefetch.Lines(start, pixels, stride);

    /// <summary>C = A·B + bias. Cost: rows × depth × columns multiply-adds.</summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="target">C, whole vectors a row.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="near">Whether C is in the caches already; else it is asked for while the sums go on.</param>
    public abstract void Product(in MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, bool near = false);

    /// <summary>
    /// C = A·B + bias, for a reader who goes along the rows with one vector of channels at a time: number j of vector v of row r is at
    /// <c>target[v · vectorStride + r · VectorLength + j]</c>.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="target">C.</param>
    /// <param name="vectorStride">Floats from one vector of C's columns to the next.</param>
    /// <param name="near">Whether C is in the caches already; else it is asked for while the sums go on.</param>
    public abstract void ProductByVectors(in MatrixRows a, int rows, PackedMatrix b, float* target, nint vectorStride, bool near = false);

    /// <summary>C = max(A·B + bias, 0).</summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="target">C, whole vectors a row.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    public abstract void ProductRelu(in MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride);

    /// <summary>C = A·B + bias + X.</summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="x">X, with the strides of C; it may be C.</param>
    /// <param name="target">C, whole vectors a row.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    public abstract void ProductPlus(in MatrixRows a, int rows, PackedMatrix b, float* x, float* target, nint targetStride);

    /// <summary>C = A·B + bias + scale·X.</summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="x">X, with the strides of C; it may be C.</param>
    /// <param name="scale">A number a column.</param>
    /// <param name="target">C, whole vectors a row.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    public abstract void ProductPlusScaled(in MatrixRows a, int rows, PackedMatrix b, float* x, float* scale, float* target, nint targetStride);

    /// <summary>C = (A·B + bias) ∘ X.</summary>
    /// <inheritdoc cref="ProductPlus"/>
    public void ProductTimes(in MatrixRows a, int rows, PackedMatrix b, float* x, float* target, nint targetStride) =>
        ProductTimes(a, rows, b, x, targetStride, VectorLength, target, targetStride);

    /// <summary>C = (A·B + bias) ∘ X, X with strides of its own.</summary>
    /// <param name="a">A.</param>
    /// <param name="rows">Rows of A, C and X.</param>
    /// <param name="b">B and the bias.</param>
    /// <param name="x">X.</param>
    /// <param name="xStride">Floats from one row of X to the next.</param>
    /// <param name="xVectorStride">Floats from one vector of a row of X to the next.</param>
    /// <param name="target">C, whole vectors a row.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    public abstract void ProductTimes(in MatrixRows a, int rows, PackedMatrix b, float* x, nint xStride, nint xVectorStride, float* target, nint targetStride);

    /// <summary>Whether <see cref="TransposedProduct"/> is for matrices X of so many columns at this level.</summary>
    /// <param name="columns">Columns of X.</param>
    public abstract bool HasTransposedProduct(int columns);

    /// <summary>C = Aᵀ·X, or C + Aᵀ·X, A having few columns; where there is one. Cost: depth × rows × columns multiply-adds.</summary>
    /// <param name="a">A, a row for each of X.</param>
    /// <param name="aStride">Floats from one row of A to the next.</param>
    /// <param name="rows">Rows of C: columns of A.</param>
    /// <param name="x">X.</param>
    /// <param name="xStride">Floats from one row of X to the next.</param>
    /// <param name="depth">Rows of A and X.</param>
    /// <param name="columns">Columns of X and C.</param>
    /// <param name="target">C.</param>
    /// <param name="targetStride">Floats from one row of C to the next.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    public abstract void TransposedProduct(
        float* a, nint aStride, int rows, float* x, nint xStride, int depth, int columns, float* target, nint targetStride, bool add);

    /// <summary>A row of a depth-wise convolution: bias plus the sum over the taps. Cost: pixels × channels × taps multiply-adds.</summary>
    /// <param name="runs">The taps.</param>
    /// <param name="weights">Weights, in the order of the taps, and bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The row's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    public void DepthWise(ReadOnlySpan<TapRun> runs, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, int pixels) =>
        DepthWise(runs, weights, pixelStride, VectorLength, target, targetStride, pixels);

    /// <summary>The same of sources that may lie by vectors.</summary>
    /// <param name="runs">The taps.</param>
    /// <param name="weights">Weights, in the order of the taps, and bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="vectorStride">Floats from one vector of a source's channels to the next: its length where a pixel's channels lie together.</param>
    /// <param name="target">The row's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    public void DepthWise(ReadOnlySpan<TapRun> runs, DepthWiseTaps weights, nint pixelStride, nint vectorStride, float* target, nint targetStride, int pixels) =>
        DepthWise(runs, weights, weights.BiasData, pixelStride, vectorStride, target, targetStride, pixels);

    /// <summary>The same with a bias of the row's own.</summary>
    /// <param name="runs">The taps.</param>
    /// <param name="weights">Weights, in the order of the taps.</param>
    /// <param name="bias">A number a channel, from an address that a vector begins at.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="vectorStride">Floats from one vector of a source's channels to the next: its length where a pixel's channels lie together.</param>
    /// <param name="target">The row's first pixel.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="pixels">Number of pixels.</param>
    public abstract void DepthWise(
        ReadOnlySpan<TapRun> runs, DepthWiseTaps weights, float* bias, nint pixelStride, nint vectorStride, float* target, nint targetStride, int pixels);

    /// <summary>Rows of the result of <see cref="DepthWiseColumns"/>.</summary>
    public const int ColumnRows = SegNeXt.Kernels.DepthWiseColumns.Rows;

    /// <summary>
    /// What the sums and the results of <see cref="DepthWiseGelu"/> are multiples of: a factor to be folded into its weights and into
    /// those behind it.
    /// </summary>
    public abstract float GeluUnit { get; }

    /// <summary>
    /// GELU(s · <see cref="GeluUnit"/>) / <see cref="GeluUnit"/>, s the 3×3 depth-wise convolution, of one row or two neighbouring ones.
    /// Cost: rows × pixels × channels × 9 multiply-adds, and GELU.
    /// </summary>
    /// <param name="sources">Of each row that is read, two more than are computed, the pixel to the left of the first, as <see cref="ProductByVectors"/> lays them out.</param>
    /// <param name="vectorStride">Floats from one vector of a source's channels to the next.</param>
    /// <param name="rows">1 or 2; both give a row the same bits.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="target">The first row's first pixel; pixels and rows lie one after the other, a pixel's channels together.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public abstract void DepthWiseGelu(float** sources, nint vectorStride, int rows, DepthWiseTaps weights, float* target, int pixels);

    /// <summary><see cref="ColumnRows"/> rows of a k×1 depth-wise convolution, k ≥ 3. Cost: rows × pixels × channels × k multiply-adds.</summary>
    /// <param name="sources">The k + <see cref="ColumnRows"/> − 1 rows that are read.</param>
    /// <param name="offset">Floats from where they begin to the first pixel.</param>
    /// <param name="weights">The k weights, and the bias.</param>
    /// <param name="pixelStride">Floats from one pixel of a source to the next.</param>
    /// <param name="target">The first pixel of the first row.</param>
    /// <param name="targetStride">Floats from one pixel of the result to the next.</param>
    /// <param name="rowStride">Floats from one row of the result to the next.</param>
    /// <param name="pixels">Pixels in a row.</param>
    public abstract void DepthWiseColumns(float** sources, nint offset, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels);

    /// <summary>GELU, within 1e-6 · max(1, |x|) of its value.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="target">Their GELU; may be the same memory.</param>
    /// <param name="count">How many.</param>
    public abstract void Gelu(float* source, float* target, nint count);

    /// <summary>max(x · scale + shift + plus, 0) of whole pixels; scale and shift are per channel.</summary>
    /// <param name="x">The pixels.</param>
    /// <param name="plus">Pixels that are added, or null.</param>
    /// <param name="scale">A number a channel.</param>
    /// <param name="shift">A number a channel.</param>
    /// <param name="target">The result; it may be <paramref name="x"/> or <paramref name="plus"/>.</param>
    /// <param name="pixels">Number of pixels, one after the other.</param>
    /// <param name="channels">Channels, whole vectors.</param>
    public abstract void ScaleShiftRelu(float* x, float* plus, float* scale, float* shift, float* target, nint pixels, int channels);

    /// <summary>Adds the sums and the sums of squares of each channel over pixels.</summary>
    /// <param name="x">The pixels.</param>
    /// <param name="pixels">Number of pixels, one after the other.</param>
    /// <param name="channels">Channels, whole vectors.</param>
    /// <param name="sums">A number a channel.</param>
    /// <param name="squares">A number a channel.</param>
    public abstract void ChannelSums(float* x, nint pixels, int channels, double* sums, double* squares);

    /// <summary>Layer norm over the channels of each pixel.</summary>
    /// <param name="x">The pixels, whole vectors each, zeros beyond the channels.</param>
    /// <param name="gain">A number a channel, zeros beyond.</param>
    /// <param name="bias">A number a channel, zeros beyond.</param>
    /// <param name="target">The result, laid out as <paramref name="x"/>.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public abstract void LayerNorm(float* x, float* gain, float* bias, float* target, int pixels, int channels, float epsilon);

    /// <summary>target = (1 − f)·a + f·b.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">Numbers.</param>
    /// <param name="fraction">f.</param>
    /// <param name="target">The result.</param>
    /// <param name="count">How many, whole vectors.</param>
    public abstract void Mix(float* a, float* b, float fraction, float* target, nint count);

    /// <summary>Adds a row resampled to other pixels: target[p] += (1 − f[p])·row[first[p]] + f[p]·row[second[p]].</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">A pixel of the row for each pixel of the result.</param>
    /// <param name="second">Another one.</param>
    /// <param name="fraction">f.</param>
    /// <param name="target">The result.</param>
    /// <param name="pixels">Pixels of the result.</param>
    /// <param name="channels">Channels, whole vectors.</param>
    public abstract void AddMix(float* row, int* first, int* second, float* fraction, float* target, int pixels, int channels);

    /// <summary>x = x · numerator / (denominator + ε).</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="numerator">As many.</param>
    /// <param name="denominator">As many.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="count">How many, whole vectors.</param>
    public abstract void MultiplicativeUpdate(float* x, float* numerator, float* denominator, float epsilon, nint count);

    /// <summary>target = softmax(x) over each row; zeros in a row's last places, beyond what counts.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="target">The result, in rows of the same length; may be the same memory.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Numbers of a row that count, at least 1.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public abstract void Softmax(float* x, float* target, nint rows, int count, int stride);

    /// <summary>target += x.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="target">As many.</param>
    /// <param name="count">How many, whole vectors.</param>
    public abstract void Add(float* x, float* target, nint count);

    /// <summary>
    /// The class with the highest score at each pixel of a cell of four scored pixels; the lowest id where scores are equal.
    /// </summary>
    /// <param name="cell">The scores, and the pixels between them.</param>
    /// <param name="classes">Number of classes, at most 256.</param>
    /// <param name="target">The id of the cell's first pixel.</param>
    /// <param name="targetStride">Bytes from one row of ids to the next.</param>
    /// <param name="scratch">Room for <see cref="ArgMaxScratchSize"/> floats.</param>
    public abstract void ArgMax(in ScoreCell cell, int classes, byte* target, nint targetStride, float* scratch);

    /// <summary>Floats that <see cref="ArgMax"/> needs.</summary>
    /// <param name="classes">Number of classes.</param>
    public static int ArgMaxScratchSize(int classes) => ArgMaxCell.ScratchSize(classes);
}

/// <summary>The kernels for one kind of vector.</summary>
internal sealed unsafe class KernelSet<TSimd, TVector>(InstructionLevel level, ProductWays ways) : KernelSet(level)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public override int VectorLength => TSimd.Count;

    /// <inheritdoc/>
    public override void Product(in MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, bool near = false) =>
        MatrixProduct.Run<TSimd, TVector, Biased>(a, rows, b, target, targetStride, new(b.BiasData, near), ways);

    /// <inheritdoc/>
    public override void ProductByVectors(in MatrixRows a, int rows, PackedMatrix b, float* target, nint vectorStride, bool near = false) =>
        MatrixProduct.Run<TSimd, TVector, Biased>(a, rows, b, target, TSimd.Count, vectorStride, new(b.BiasData, near), ways);

    /// <inheritdoc/>
    public override void ProductRelu(in MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride) =>
        MatrixProduct.Run<TSimd, TVector, BiasedRelu>(a, rows, b, target, targetStride, new(b.BiasData), ways);

    /// <inheritdoc/>
    public override void ProductPlus(in MatrixRows a, int rows, PackedMatrix b, float* x, float* target, nint targetStride) =>
        MatrixProduct.Run<TSimd, TVector, BiasedPlus>(a, rows, b, target, targetStride, new(b.BiasData, (nint)(x - target)), ways);

    /// <inheritdoc/>
    public override void ProductPlusScaled(in MatrixRows a, int rows, PackedMatrix b, float* x, float* scale, float* target, nint targetStride) =>
        MatrixProduct.Run<TSimd, TVector, BiasedPlusScaled>(a, rows, b, target, targetStride, new(b.BiasData, scale, (nint)(x - target)), ways);

    /// <inheritdoc/>
    public override void ProductTimes(in MatrixRows a, int rows, PackedMatrix b, float* x, nint xStride, nint xVectorStride, float* target, nint targetStride) =>
        MatrixProduct.Run<TSimd, TVector, BiasedTimes>(a, rows, b, target, targetStride, new(b.BiasData, x, xStride, xVectorStride), ways);

    /// <inheritdoc/>
    public override bool HasTransposedProduct(int columns) => TSimd.TileRows == 12 && columns % (SegNeXt.Kernels.TransposedProduct.Width * TSimd.Count) == 0;

    /// <inheritdoc/>
    public override void TransposedProduct(
        float* a, nint aStride, int rows, float* x, nint xStride, int depth, int columns, float* target, nint targetStride, bool add) =>
        SegNeXt.Kernels.TransposedProduct.Run<TSimd, TVector>(a, aStride, rows, x, xStride, depth, columns, target, targetStride, add);

    /// <inheritdoc/>
    public override void DepthWise(
        ReadOnlySpan<TapRun> runs, DepthWiseTaps weights, float* bias, nint pixelStride, nint vectorStride, float* target, nint targetStride, int pixels) =>
        DepthWiseRow.Run<TSimd, TVector>(runs, weights.WeightData, weights.Channels, bias, weights.Channels, pixelStride, vectorStride, target, targetStride, pixels);

    /// <inheritdoc/>
    public override float GeluUnit => TSimd.HasTables ? GeluTable.Unit : 1;

    /// <inheritdoc/>
    public override void DepthWiseGelu(float** sources, nint vectorStride, int rows, DepthWiseTaps weights, float* target, int pixels)
    {
        if (rows == 2)
        {
            SegNeXt.Kernels.DepthWiseGelu.Run<TSimd, TVector, Size2>(sources, vectorStride, weights, target, pixels);
        }
        else
        {
            SegNeXt.Kernels.DepthWiseGelu.Run<TSimd, TVector, Size1>(sources, vectorStride, weights, target, pixels);
        }
    }

    /// <inheritdoc/>
    public override void DepthWiseColumns(float** sources, nint offset, DepthWiseTaps weights, nint pixelStride, float* target, nint targetStride, nint rowStride, int pixels) =>
        SegNeXt.Kernels.DepthWiseColumns.Run<TSimd, TVector>(sources, offset, weights, pixelStride, target, targetStride, rowStride, pixels);

    /// <inheritdoc/>
    public override void Gelu(float* source, float* target, nint count) => SegNeXt.Kernels.Gelu.Run<TSimd, TVector>(source, target, count);

    /// <inheritdoc/>
    public override void ScaleShiftRelu(float* x, float* plus, float* scale, float* shift, float* target, nint pixels, int channels) =>
        RowKernels.ScaleShiftRelu<TSimd, TVector>(x, plus, scale, shift, target, pixels, channels);

    /// <inheritdoc/>
    public override void ChannelSums(float* x, nint pixels, int channels, double* sums, double* squares) =>
        RowKernels.ChannelSums<TSimd, TVector>(x, pixels, channels, sums, squares);

    /// <inheritdoc/>
    public override void LayerNorm(float* x, float* gain, float* bias, float* target, int pixels, int channels, float epsilon) =>
        RowKernels.LayerNorm<TSimd, TVector>(x, gain, bias, target, pixels, channels, Pad(channels), epsilon);

    /// <inheritdoc/>
    public override void Mix(float* a, float* b, float fraction, float* target, nint count) =>
        RowKernels.Mix<TSimd, TVector>(a, b, fraction, target, count);

    /// <inheritdoc/>
    public override void AddMix(float* row, int* first, int* second, float* fraction, float* target, int pixels, int channels) =>
        RowKernels.AddMix<TSimd, TVector>(row, first, second, fraction, target, pixels, channels);

    /// <inheritdoc/>
    public override void MultiplicativeUpdate(float* x, float* numerator, float* denominator, float epsilon, nint count) =>
        RowKernels.MultiplicativeUpdate<TSimd, TVector>(x, numerator, denominator, epsilon, count);

    /// <inheritdoc/>
    public override void Softmax(float* x, float* target, nint rows, int count, int stride) =>
        SoftmaxRows.Run<TSimd, TVector>(x, target, rows, count, stride);

    /// <inheritdoc/>
    public override void Add(float* x, float* target, nint count) => RowKernels.Add<TSimd, TVector>(x, target, count);

    /// <inheritdoc/>
    public override void ArgMax(in ScoreCell cell, int classes, byte* target, nint targetStride, float* scratch)
    {
        // A cell is mostly eight pixels wide: longer vectors would be half empty.
        if (TSimd.Count > ScoreCell.ReadAhead)
        {
            ArgMaxCell.Run<Simd256, Vector256<float>>(cell, classes, target, targetStride, scratch);
        }
        else
        {
            ArgMaxCell.Run<TSimd, TVector>(cell, classes, target, targetStride, scratch);
        }
    }
}
