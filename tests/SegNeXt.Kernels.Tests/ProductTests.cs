namespace SegNeXt.Kernels.Tests;

public sealed unsafe class ProductTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void Product_RandomShapesAndEpilogues_EqualPlainLoops(InstructionLevel level)
    {
        KernelSet kernels = KernelSet.For(level);
        Random random = new(7);
        for (int trial = 0; trial < 120; trial++)
        {
            (int rows, int depth, int columns) = (random.Next(1, 40), random.Next(1, 70), random.Next(1, 90));
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
                    Close(expected, c[(r * stride) + o], 1e-5 * segments * depth, $"{level}, kind {kind}, {rows}×{segments}·{depth}×{columns} at ({r}, {o})");
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
