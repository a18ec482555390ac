using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>Softmax over each row of a matrix.</summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>target = softmax(x), row by row; zeros in a row's last places, beyond what counts.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="target">The result, in rows of the same length; may be the same memory.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Numbers of a row that count, at least 1.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector>(float* x, float* target, nint rows, int count, int stride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (nint row = 0; row < rows; row++, x += stride, target += stride)
        {
            if (count % TSimd.Count == 0)
            {
                Whole<TSimd, TVector>(x, target, count);
            }
            else
            {
                Any(new(x, count), new(target, count));
            }

            new Span<float>(target + count, stride - count).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole<TSimd, TVector>(float* x, float* target, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector most = TSimd.Load(x);
        for (int i = TSimd.Count; i < count; i += TSimd.Count)
        {
            most = TSimd.Max(most, TSimd.Load(x + i));
        }

        TVector largest = TSimd.Broadcast(TSimd.Largest(most)), sum = TSimd.Zero;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            TVector power = TSimd.Exp(TSimd.Subtract(TSimd.Load(x + i), largest));
            TSimd.Store(target + i, power);
            sum = TSimd.Add(sum, power);
        }

        TVector inverse = TSimd.Broadcast(1 / TSimd.Sum(sum));
        for (int i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(target + i, TSimd.Multiply(TSimd.Load(target + i), inverse));
        }
    }

    private static void Any(ReadOnlySpan<float> x, Span<float> target)
    {
        float most = x[0], sum = 0;
        foreach (float value in x)
        {
            most = MathF.Max(most, value);
        }

        for (int i = 0; i < x.Length; i++)
        {
            target[i] = MathF.Exp(x[i] - most);
            sum += target[i];
        }

        float inverse = 1 / sum;
        foreach (ref float value in target)
        {
            value *= inverse;
        }
    }
}
