namespace SegNeXt.Export;

/// <summary>Operators that treat each element by itself.</summary>
internal static class Elementwise
{
    /// <summary>Above it erf is 1 to float32's last bit.</summary>
    private const double ErfIsOne = 4.2;

    /// <summary>A function of each element.</summary>
    public static float[] Map(float[] x, Func<float, float> function)
    {
        var result = new float[x.Length];
        Parallel.For(0, (x.Length + 4095) / 4096, block =>
        {
            for (int i = block * 4096; i < Math.Min(x.Length, (block + 1) * 4096); i++)
            {
                result[i] = function(x[i]);
            }
        });
        return result;
    }

    /// <summary>A function of two elements each, where an axis of size 1 is repeated.</summary>
    public static float[] Combine(float[] a, int[] aShape, float[] b, int[] bShape, int[] shape, Func<float, float, float> function)
    {
        var result = new float[shape.Aggregate(1, (product, side) => product * side)];
        int[] aSteps = Steps(aShape, shape), bSteps = Steps(bShape, shape);
        int inner = shape.Length == 0 ? 1 : shape[^1];
        int aStep = shape.Length == 0 ? 0 : aSteps[^1], bStep = shape.Length == 0 ? 0 : bSteps[^1];
        for (int start = 0; start < result.Length; start += inner)
        {
            int rest = start / inner, aAt = 0, bAt = 0;
            for (int axis = shape.Length - 2; axis >= 0; axis--)
            {
                aAt += rest % shape[axis] * aSteps[axis];
                bAt += rest % shape[axis] * bSteps[axis];
                rest /= shape[axis];
            }

            for (int i = 0; i < inner; i++, aAt += aStep, bAt += bStep)
            {
                result[start + i] = function(a[aAt], b[bAt]);
            }
        }

        return result;
    }

    /// <summary>The error function by its series 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms all have one sign.</summary>
    public static float Erf(float value)
    {
        double x = value;
        if (!(Math.Abs(x) < ErfIsOne))
        {
            return double.IsNaN(x) ? float.NaN : Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-12 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return (float)(2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
    }

    /// <summary>Elements from one place of an axis to the next; 0 where the axis is repeated.</summary>
    private static int[] Steps(int[] own, int[] shape)
    {
        var steps = new int[shape.Length];
        int step = 1;
        for (int i = 1; i <= own.Length; i++)
        {
            steps[^i] = own[^i] == 1 ? 0 : step;
            step *= own[^i];
        }

        return steps;
    }
}
