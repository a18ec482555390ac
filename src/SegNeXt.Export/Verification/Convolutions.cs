using System.Numerics;
using System.Runtime.InteropServices;

namespace SegNeXt.Export;

/// <summary>Operators that are sums of products.</summary>
internal static class Convolutions
{
    /// <summary>A convolution of a map <c>[N, C, H, W]</c>, dense or depth-wise.</summary>
    public static float[] Compute(float[] x, int[] xShape, float[] weights, int[] wShape, float[]? bias, int[] shape, int[] strides, int[] pads, int groups)
    {
        Geometry g = new(xShape[2], xShape[3], wShape[2], wShape[3], shape[2], shape[3], strides[0], strides[1], pads[0], pads[1]);
        int inputs = xShape[1], outputs = shape[1], taps = g.KernelHeight * g.KernelWidth;
        int inputsPerGroup = inputs / groups, outputsPerGroup = outputs / groups, depth = inputsPerGroup * taps;
        var result = new float[shape[0] * outputs * g.Pixels];
        for (int n = 0; n < shape[0]; n++)
        {
            ReadOnlyMemory<float> picture = x.AsMemory(n * inputs * g.InputPixels, inputs * g.InputPixels);
            int target = n * outputs * g.Pixels;
            Parallel.For(0, groups, group =>
            {
                var columns = new float[depth * g.Pixels];
                for (int i = 0; i < depth; i++)
                {
                    g.Gather(picture.Span.Slice(((group * inputsPerGroup) + (i / taps)) * g.InputPixels, g.InputPixels), i % taps, columns.AsSpan(i * g.Pixels, g.Pixels));
                }

                void Row(int o) => Products(
                    weights.AsSpan(o * depth, depth), columns, bias?[o] ?? 0, result.AsSpan(target + (o * g.Pixels), g.Pixels));
                if (groups == 1)
                {
                    Parallel.For(0, outputs, Row);
                }
                else
                {
                    for (int o = group * outputsPerGroup; o < (group + 1) * outputsPerGroup; o++)
                    {
                        Row(o);
                    }
                }
            });
        }

        return result;
    }

    /// <summary>Products of matrices <c>[N, a, b]</c> and <c>[N, b, c]</c>; a single one is repeated.</summary>
    public static float[] MultiplyBatches(float[] a, int[] aShape, float[] b, int[] bShape, int[] shape)
    {
        (int rows, int depth, int columns) = (aShape[1], aShape[2], bShape[2]);
        var result = new float[shape[0] * rows * columns];
        Parallel.For(0, shape[0] * rows, item =>
        {
            (int n, int row) = Math.DivRem(item, rows);
            ReadOnlySpan<float> left = a.AsSpan((((aShape[0] == 1 ? 0 : n) * rows) + row) * depth, depth);
            ReadOnlySpan<float> right = b.AsSpan((bShape[0] == 1 ? 0 : n) * depth * columns, depth * columns);
            Products(left, right, 0, result.AsSpan(item * columns, columns));
        });
        return result;
    }

    /// <summary>target = start + Σ factors[i] · rows[i].</summary>
    private static void Products(ReadOnlySpan<float> factors, ReadOnlySpan<float> rows, float start, Span<float> target)
    {
        target.Fill(start);
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < factors.Length; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * target.Length, target.Length);
            ReadOnlySpan<Vector<float>> wideRow = MemoryMarshal.Cast<float, Vector<float>>(row)[..wide.Length];
            for (int j = 0; j < wide.Length; j++)
            {
                wide[j] += wideRow[j] * factors[i];
            }

            for (int j = wide.Length * Vector<float>.Count; j < target.Length; j++)
            {
                target[j] += row[j] * factors[i];
            }
        }
    }

    private sealed record Geometry(
        int InputHeight, int InputWidth, int KernelHeight, int KernelWidth, int Height, int Width, int StepDown, int StepRight, int PadTop, int PadLeft)
    {
        public int Pixels => Height * Width;

        public int InputPixels => InputHeight * InputWidth;

        /// <summary>What one tap of the kernel sees at each place, zeros outside the map.</summary>
        public void Gather(ReadOnlySpan<float> plane, int tap, Span<float> seen)
        {
            (int down, int right) = Math.DivRem(tap, KernelWidth);
            for (int y = 0; y < Height; y++)
            {
                int fromY = (y * StepDown) + down - PadTop;
                for (int x = 0; x < Width; x++)
                {
                    int fromX = (x * StepRight) + right - PadLeft;
                    bool inside = fromY >= 0 && fromY < InputHeight && fromX >= 0 && fromX < InputWidth;
                    seen[(y * Width) + x] = inside ? plane[(fromY * InputWidth) + fromX] : 0;
                }
            }
        }
    }
}
