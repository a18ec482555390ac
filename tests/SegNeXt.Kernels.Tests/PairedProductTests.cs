namespace SegNeXt.Kernels.Tests;

/// <summary>Products whose numbers are multiplied in pairs, against plain loops and against products without pairs.</summary>
public sealed unsafe class PairedProductTests : KernelTest
{
    private const int Block = 32;

    [SkippableFact]
    public void Product_RandomShapesAndEpilogues_EqualPlainLoops()
    {
        KernelSet kernels = Kernels();
        Random random = new(17);
        for (int trial = 0; trial < 150; trial++)
        {
            (int rows, int depth, int segments, int columns) = (random.Next(1, 50), Block * random.Next(1, 6), random.Next(1, 4), random.Next(1, 100));
            int stride = (segments * depth) + random.Next(0, 9), k = segments * depth;
            float* a = Random(random, (long)rows * stride);
            float* plain = Random(random, (long)k * columns);
            for (long i = 0; i < (long)k * columns; i++)
            {
                // Of another size than A's numbers, as a network's weights are, and some columns of next to nothing or of nothing.
                plain[i] *= (i % columns) switch { 3 => 1e-6f, 4 => 0, _ => 0.03f };
            }

            using PackedMatrix b = kernels.CreateMatrix(k, columns);
            b.Fill(plain, columns, k);
            float* bias = Random(random, columns);
            new ReadOnlySpan<float>(bias, columns).CopyTo(b.Bias);
            MatrixRows at = new(a, stride, depth, 1, segments, depth);
            Assert.True(Pair(kernels, b, at, rows), $"{rows}×{segments}·{depth}×{columns}");

            int targetStride = b.PaddedColumns + random.Next(0, 8);
            float* x = Random(random, (long)rows * targetStride), c = Random(random, (long)rows * targetStride);
            float* scale = Random(random, b.PaddedColumns);
            int kind = trial % 5;
            switch (kind)
            {
                case 0: kernels.Product(at, rows, b, c, targetStride); break;
                case 1: kernels.ProductRelu(at, rows, b, c, targetStride); break;
                case 2: kernels.ProductPlus(at, rows, b, x, c, targetStride); break;
                case 3: kernels.ProductPlusScaled(at, rows, b, x, scale, c, targetStride); break;
                default: kernels.ProductTimes(at, rows, b, x, c, targetStride); break;
            }

            for (int r = 0; r < rows; r++)
            {
                for (int o = 0; o < columns; o++)
                {
                    double sum = bias[o];
                    for (int i = 0; i < k; i++)
                    {
                        sum += (double)a[(r * stride) + i] * plain[(i * columns) + o];
                    }

                    float other = x[(r * targetStride) + o];
                    double expected = kind switch { 0 => sum, 1 => Math.Max(sum, 0), 2 => sum + other, 3 => sum + (scale[o] * (double)other), _ => sum * other };
                    Close(expected, c[(r * targetStride) + o], 4e-6, $"kind {kind}, {rows}×{segments}·{depth}×{columns} at ({r}, {o})");
                }
            }
        }
    }

    [SkippableFact]
    public void Product_RowsTooLargeTooSmallZeroOrNoNumbers_GiveTheBitsOfProductsWithoutPairs()
    {
        KernelSet kernels = Kernels();
        Random random = new(18);
        (int rows, int depth, int columns) = (61, 3 * Block, 70);
        float* a = Random(random, (long)rows * depth);
        float* plain = Random(random, (long)depth * columns);
        using PackedMatrix paired = kernels.CreateMatrix(depth, columns), alone = kernels.CreateMatrix(depth, columns);
        paired.Fill(plain, columns, depth);
        alone.Fill(plain, columns, depth);
        float* bias = Random(random, columns);
        new ReadOnlySpan<float>(bias, columns).CopyTo(paired.Bias);
        new ReadOnlySpan<float>(bias, columns).CopyTo(alone.Bias);
        MatrixRows at = MatrixRows.Plain(a, depth, depth);
        Assert.True(Pair(kernels, paired, at, rows));

        // Whole tiles of them, and some among others.
        float[] scales = [1e5f, 1e-5f, 0, float.NaN, float.PositiveInfinity];
        int[] odd = [.. Enumerable.Range(0, 24), 27, 40, 41, 50, 60];
        foreach (int row in odd)
        {
            for (int k = 0; k < depth; k++)
            {
                a[(row * depth) + k] *= scales[row % scales.Length];
            }
        }

        int stride = paired.PaddedColumns;
        float* with = Zeros((long)rows * stride), without = Zeros((long)rows * stride);
        kernels.Product(at, rows, paired, with, stride);
        kernels.Product(at, rows, alone, without, stride);
        for (int r = 0; r < rows; r++)
        {
            bool same = true;
            for (int o = 0; o < columns; o++)
            {
                float one = with[(r * stride) + o], other = without[(r * stride) + o];
                same &= one.Equals(other);
                Assert.True(float.IsFinite(one) == float.IsFinite(other), $"({r}, {o}): {one} instead of {other}");
                if (float.IsFinite(one))
                {
                    Close(other, one, 1e-5 * Math.Max(1, Math.Abs(other)), $"({r}, {o})");
                }
            }

            Assert.True(same == (odd.Contains(r) && scales[r % scales.Length] is not float.NaN and not float.PositiveInfinity) || !float.IsFinite(with[r * stride]), $"row {r}");
        }
    }

    [SkippableFact]
    public void Product_ColumnsOfAllSizes_AreAsExactAsTheirSize()
    {
        KernelSet kernels = Kernels();
        Random random = new(22);
        (int rows, int depth, int columns) = (48, 4 * Block, 64);
        float* a = Random(random, (long)rows * depth);
        float* plain = Random(random, (long)depth * columns);
        for (int i = 0; i < depth * columns; i++)
        {
            plain[i] *= MathF.Pow(10, (i % columns) - 56);
        }

        using PackedMatrix b = kernels.CreateMatrix(depth, columns);
        b.Fill(plain, columns, depth);
        MatrixRows at = MatrixRows.Plain(a, depth, depth);
        float* target = Zeros((long)rows * b.PaddedColumns);
        for (int column = 0; column < columns; column++)
        {
            // The smallest are not normal numbers: nothing.
            for (int k = 0; k < depth && column < 30; k++)
            {
                plain[(k * columns) + column] = 0;
            }
        }

        b.Fill(plain, columns, depth);
        Assert.True(Pair(kernels, b, at, rows));
        kernels.Product(at, rows, b, target, b.PaddedColumns);
        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < columns; o++)
            {
                double sum = 0, size = 0;
                for (int k = 0; k < depth; k++)
                {
                    double product = (double)a[(r * depth) + k] * plain[(k * columns) + o];
                    sum += product;
                    size += Math.Abs(product);
                }

                Close(sum, target[(r * b.PaddedColumns) + o], (4e-7 * size) + 1e-12, $"({r}, {o})");
            }
        }
    }

    [SkippableFact]
    public void Product_RowsInOtherTiles_HaveTheSameBits()
    {
        KernelSet kernels = Kernels();
        Random random = new(19);
        (int rows, int depth, int columns) = (40, 2 * Block, 48);
        float* a = Random(random, (long)rows * depth);
        for (int k = 0; k < depth; k++)
        {
            // Rows that are not paired, so that tiles are mixed.
            a[(5 * depth) + k] *= 1e6f;
            a[(30 * depth) + k] = 0;
        }

        using PackedMatrix b = kernels.CreateMatrix(depth, columns);
        b.Fill(Random(random, (long)depth * columns), columns, depth);
        MatrixRows at = MatrixRows.Plain(a, depth, depth);
        Assert.True(Pair(kernels, b, at.Skip(6), 20));
        int stride = b.PaddedColumns;
        float* expected = Zeros((long)rows * stride);
        kernels.Product(at, rows, b, expected, stride);
        for (int first = 0; first < rows; first++)
        {
            int count = Math.Min(1 + (first % 13), rows - first);
            float* some = Zeros((long)count * stride);
            kernels.Product(at.Skip(first), count, b, some, stride);
            Assert.True(new Span<float>(some, count * stride).SequenceEqual(new Span<float>(expected + (first * stride), count * stride)), $"{count} rows from {first} on");
        }
    }

    [SkippableFact]
    public void Pair_WhatCannotBe_LeavesTheMatrixAsItWas()
    {
        KernelSet kernels = Kernels();
        Random random = new(20);
        (int rows, int columns) = (30, 40);
        foreach (string what in new[] { "no rows", "zeros", "no blocks", "not together", "a few numbers that make up the sums" })
        {
            int depth = what == "no blocks" ? Block + 4 : 2 * Block;
            float* a = Random(random, (long)rows * depth);
            float* plain = Random(random, (long)depth * columns);
            for (int i = 0; i < rows * depth; i++)
            {
                // Pairs of large numbers that meet weights of next to nothing: their products would drown the others.
                bool large = what[0] == 'a' && i % depth is 0 or 16;
                a[i] = what == "zeros" ? 0 : large ? a[i] * 1e4f : a[i];
            }

            for (int i = 0; what[0] == 'a' && i < columns; i++)
            {
                plain[i] = plain[(16 * columns) + i] = 0;
            }

            using PackedMatrix b = kernels.CreateMatrix(depth, columns);
            b.Fill(plain, columns, depth);
            MatrixRows at = what == "not together" ? new(a, 1, depth, rows, 1, 0) : MatrixRows.Plain(a, depth, depth);
            int stride = b.PaddedColumns, taken = what == "not together" ? 4 : rows;
            float* before = Zeros((long)rows * stride), after = Zeros((long)rows * stride);
            kernels.Product(at, taken, b, before, stride);
            Assert.False(what == "no rows" ? kernels.Pair(b) : Pair(kernels, b, at, taken), what);
            kernels.Product(at, taken, b, after, stride);
            Assert.True(new Span<float>(before, rows * stride).SequenceEqual(new Span<float>(after, rows * stride)), what);
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Pair_LevelsWithFewRegisters_AreLeftWithoutPairs(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(21);
        using PackedMatrix b = kernels.CreateMatrix(Block, 32);
        b.Fill(Random(random, Block * 32), 32, Block);
        bool can = Pair(kernels, b, MatrixRows.Plain(Random(random, 30 * Block), Block, Block), 30);
        Assert.Equal(level == InstructionLevel.Avx512, can);
    }

    private static KernelSet Kernels()
    {
        Skip.IfNot(InstructionLevels.Best == InstructionLevel.Avx512, "no AVX-512");
        return KernelSet.Best;
    }

    private bool Pair(KernelSet kernels, PackedMatrix b, MatrixRows rows, int count)
    {
        KernelSet.Observe(b);
        float* target = Zeros((long)count * b.PaddedColumns);
        for (int i = 0; i < 12; i++)
        {
            kernels.Product(rows, count, b, target, b.PaddedColumns);
        }

        return kernels.Pair(b);
    }
}
