using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels.Tests;

public sealed unsafe class ProductTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void Product_RandomShapesAndEpilogues_EqualPlainLoops(InstructionLevel level) => CheckRandomShapes(KernelSet.For(level), mostColumns: 90);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Product_EitherShapeOfTile_EqualsPlainLoops(bool wide) => CheckRandomShapes(WithTiles(wide), mostColumns: 300);

    [SkippableFact]
    public void Product_WideTiles_GiveTheSameBits()
    {
        KernelSet wide = WithTiles(wide: true), narrow = WithTiles(wide: false);
        Random random = new(21);
        for (int trial = 0; trial < 60; trial++)
        {
            // Some matrices are larger than what stays in the cache over all rows.
            (int rows, int depth, int columns) = (random.Next(1, 60), random.Next(1, trial % 6 == 0 ? 800 : 70), random.Next(1, 330));
            float* a = Random(random, (long)rows * depth);
            using PackedMatrix b = wide.CreateMatrix(depth, columns);
            b.Fill(Random(random, (long)depth * columns), columns, depth);
            int stride = b.PaddedColumns, vectorStride = rows * wide.VectorLength;
            float* expected = Zeros((long)rows * stride), actual = Zeros((long)rows * stride), byVectors = Zeros((long)rows * stride);
            MatrixRows at = MatrixRows.Plain(a, depth, depth);
            narrow.Product(at, rows, b, expected, stride, near: true);
            wide.Product(at, rows, b, actual, stride);
            wide.ProductByVectors(at, rows, b, byVectors, vectorStride);
            for (int i = 0; i < rows * stride; i++)
            {
                (int row, int column) = (i / stride, i % stride);
                Assert.Equal(expected[i], actual[i]);
                Assert.Equal(expected[i], byVectors[(column / wide.VectorLength * vectorStride) + (row * wide.VectorLength) + (column % wide.VectorLength)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void TransposedProduct_RandomShapes_GivesTheBitsOfAProductWithThePackedMatrix(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(23);
        int step = Enumerable.Range(1, 512).FirstOrDefault(kernels.HasTransposedProduct);
        Assert.Equal(level == InstructionLevel.Avx512, step > 0);
        for (int trial = 0; trial < (step > 0 ? 60 : 0); trial++)
        {
            (int rows, int depth, int columns, int capacity) = (random.Next(1, 70), random.Next(1, 50), step * random.Next(1, 4), 60);
            int aStride = rows + random.Next(0, 9), xStride = columns + random.Next(0, 9), stride = columns + random.Next(0, 9);
            float* a = Random(random, (long)depth * aStride), x = Random(random, (long)depth * xStride), c = Random(random, (long)rows * stride);
            using PackedMatrix packed = kernels.CreateMatrix(capacity, rows);
            packed.Fill(a, aStride, depth);
            float* expected = Zeros((long)columns * packed.PaddedColumns), plus = Zeros((long)columns * packed.PaddedColumns);
            for (int i = 0; i < columns * rows; i++)
            {
                plus[(i / rows * packed.PaddedColumns) + (i % rows)] = c[(i % rows * stride) + (i / rows)];
            }

            MatrixRows transposed = new(x, 1, depth, xStride, 1, 0);
            bool add = trial % 2 == 0;
            kernels.TransposedProduct(a, aStride, rows, x, xStride, depth, columns, c, stride, add);
            if (add)
            {
                kernels.ProductPlus(transposed, columns, packed, plus, expected, packed.PaddedColumns);
            }
            else
            {
                kernels.Product(transposed, columns, packed, expected, packed.PaddedColumns);
            }

            for (int i = 0; i < columns * rows; i++)
            {
                Assert.Equal(expected[(i / rows * packed.PaddedColumns) + (i % rows)], c[(i % rows * stride) + (i / rows)]);
            }
        }
    }

    /// <summary>The kernels with tiles of one shape, whatever this processor is faster with.</summary>
    private static KernelSet<Simd512, Vector512<float>> WithTiles(bool wide)
    {
        Skip.If(InstructionLevels.Best < InstructionLevel.Avx512, "no AVX-512");
        return new(InstructionLevel.Avx512, new(Pairs: false, wide));
    }

    private void CheckRandomShapes(KernelSet kernels, int mostColumns)
    {
        Random random = new(7);
        for (int trial = 0; trial < 120; trial++)
        {
            (int rows, int depth, int columns) = (random.Next(1, 40), random.Next(1, 70), random.Next(1, mostColumns));
            int segments = random.Next(1, 4), aStride = random.Next(1, 100), segmentStride = random.Next(0, 50);
            float* a = Random(random, ((long)rows * aStride) + (segments * (segmentStride + depth)));
            using PackedMatrix b = kernels.CreateMatrix(segments * depth, columns);
            float* plain = Random(random, (long)segments * depth * columns);
            b.Fill(new ReadOnlySpan<float>(plain, segments * depth * columns), columns);
            float* bias = Random(random, columns);
            new ReadOnlySpan<float>(bias, columns).CopyTo(b.Bias);
            int stride = b.PaddedColumns + random.Next(0, 8);
            float* x = Random(random, (long)rows * stride);
            float* scale = Random(random, b.PaddedColumns);
            float* c = Random(random, (long)rows * stride);
            MatrixRows at = new(a, aStride, depth, 1, segments, segmentStride);
            int kind = trial % 5;
            switch (kind)
            {
                case 0: kernels.Product(at, rows, b, c, stride); break;
                case 1: kernels.ProductRelu(at, rows, b, c, stride); break;
                case 2: kernels.ProductPlus(at, rows, b, x, c, stride); break;
                case 3: kernels.ProductPlusScaled(at, rows, b, x, scale, c, stride); break;
                default: kernels.ProductTimes(at, rows, b, x, c, stride); break;
            }

            for (int r = 0; r < rows; r++)
            {
                for (int o = 0; o < columns; o++)
                {
                    double sum = bias[o];
                    for (int s = 0; s < segments; s++)
                    {
                        for (int k = 0; k < depth; k++)
                        {
                            sum += (double)a[(r * aStride) + (s * segmentStride) + k] * plain[(((s * depth) + k) * columns) + o];
                        }
                    }

                    float other = x[(r * stride) + o];
                    double expected = kind switch { 0 => sum, 1 => Math.Max(sum, 0), 2 => sum + other, 3 => sum + (scale[o] * (double)other), _ => sum * other };
                    Close(expected, c[(r * stride) + o], 1e-5 * segments * depth, $"{kernels.Level}, kind {kind}, {rows}×{segments}·{depth}×{columns} at ({r}, {o})");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void ProductByVectors_RandomShapes_GivesTheProductsBitsInTheOtherOrder(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(14);
        int vector = kernels.VectorLength;
        for (int trial = 0; trial < 60; trial++)
        {
            (int rows, int depth, int columns) = (random.Next(1, 60), random.Next(1, 70), random.Next(1, 90));
            float* a = Random(random, (long)rows * depth);
            using PackedMatrix b = kernels.CreateMatrix(depth, columns);
            b.Fill(Random(random, (long)depth * columns), columns, depth);
            int stride = b.PaddedColumns, vectorStride = (rows * vector) + random.Next(0, 30);
            float* plain = Zeros((long)rows * stride), target = Zeros((long)stride / vector * vectorStride);
            kernels.Product(MatrixRows.Plain(a, depth, depth), rows, b, plain, stride);
            kernels.ProductByVectors(MatrixRows.Plain(a, depth, depth), rows, b, target, vectorStride);
            for (int r = 0; r < rows; r++)
            {
                for (int o = 0; o < stride; o++)
                {
                    Assert.Equal(plain[(r * stride) + o], target[(o / vector * vectorStride) + (r * vector) + (o % vector)]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void ProductTimes_OfAMapByVectors_GivesTheBitsOfOneWithItsChannelsTogether(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(15);
        int vector = kernels.VectorLength;
        for (int trial = 0; trial < 60; trial++)
        {
            (int rows, int depth, int columns) = (random.Next(1, 60), 4 * random.Next(1, 20), random.Next(1, 200));
            float* a = Random(random, (long)rows * depth);
            using PackedMatrix b = kernels.CreateMatrix(depth, columns);
            b.Fill(Random(random, (long)depth * columns), columns, depth);
            int stride = b.PaddedColumns, vectorStride = (rows + random.Next(0, 5)) * vector;
            float* x = Random(random, (long)rows * stride), byVectors = Zeros((long)stride / vector * vectorStride);
            for (int i = 0; i < rows * stride; i++)
            {
                byVectors[(i % stride / vector * vectorStride) + (i / stride * vector) + (i % vector)] = x[i];
            }

            float* expected = Zeros((long)rows * stride), actual = Zeros((long)rows * stride);
            kernels.ProductTimes(MatrixRows.Plain(a, depth, depth), rows, b, x, expected, stride);
            kernels.ProductTimes(MatrixRows.Plain(a, depth, depth), rows, b, byVectors, vector, vectorStride, actual, stride);
            Assert.Equal(new Span<float>(expected, rows * stride).ToArray(), new Span<float>(actual, rows * stride).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Product_TransposedMatrixAndFewerRows_EqualPlainLoops(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(8);
        (int pixels, int dim, int rank, int capacity) = (23, 31, 16, 40);
        float* x = Random(random, (long)pixels * dim);
        float* c = Random(random, (long)pixels * rank);
        using PackedMatrix packed = kernels.CreateMatrix(capacity, rank);
        packed.Fill(c, rank, pixels);
        float* result = Zeros((long)dim * packed.PaddedColumns);
        kernels.Product(new MatrixRows(x, 1, pixels, dim, 1, 0), dim, packed, result, packed.PaddedColumns);
        for (int d = 0; d < dim; d++)
        {
            for (int r = 0; r < rank; r++)
            {
                double sum = 0;
                for (int p = 0; p < pixels; p++)
                {
                    sum += (double)x[(p * dim) + d] * c[(p * rank) + r];
                }

                Close(sum, result[(d * packed.PaddedColumns) + r], 1e-5, $"{level} at ({d}, {r})");
            }
        }
    }
}
