using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>
/// One row of pixels of a picture whose logits are linear between the pixels of a smaller row: the cross entropy of each,
/// and its gradient by the smaller row.
/// </summary>
internal unsafe ref struct CrossEntropyRow
{
    /// <summary>Logits of the smaller row, a number a class, padded to whole vectors with numbers that are too small to count.</summary>
    public float* Logits;

    /// <summary>Receives the gradient by them, added up; null where it is not wanted.</summary>
    public float* Gradient;

    /// <summary>Numbers of a pixel of the smaller row.</summary>
    public int Stride;

    /// <summary>K.</summary>
    public int Classes;

    /// <summary>For each pixel, the one left of it in the smaller row.</summary>
    public int* Left;

    /// <summary>For each pixel, the one right of it.</summary>
    public int* Right;

    /// <summary>For each pixel, the share of the right one.</summary>
    public float* Share;

    /// <summary>Class ids.</summary>
    public long* Labels;

    /// <summary>The class id that does not count.</summary>
    public long Ignored;

    /// <summary>A factor a class, or null.</summary>
    public float* Weights;

    /// <summary>Number of pixels.</summary>
    public int Pixels;

    /// <summary>Room for a pixel.</summary>
    public float* Scratch;

    /// <summary>The sum over the pixels; NaN where a label is no class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly double Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        double total = 0;
        for (int p = 0; p < Pixels; p++)
        {
            long label = Labels[p];
            if (label == Ignored)
            {
                continue;
            }

            if ((ulong)label >= (ulong)Classes)
            {
                return double.NaN;
            }

            nint left = (nint)Left[p] * Stride, right = (nint)Right[p] * Stride;
            float share = Share[p];
            TVector f = TSimd.Broadcast(share);
            TVector most = TSimd.Broadcast(float.NegativeInfinity);
            for (int k = 0; k < Stride; k += TSimd.Count)
            {
                TVector a = TSimd.Load(Logits + left + k);
                TVector z = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Load(Logits + right + k), a), f, a);
                TSimd.Store(Scratch + k, z);
                most = TSimd.Max(most, z);
            }

            float largest = TSimd.Largest(most);
            TVector shift = TSimd.Broadcast(largest);
            TVector sums = TSimd.Zero;
            float own = Scratch[label] - largest;
            for (int k = 0; k < Stride; k += TSimd.Count)
            {
                TVector e = TSimd.Exp(TSimd.Subtract(TSimd.Load(Scratch + k), shift));
                TSimd.Store(Scratch + k, e);
                sums = TSimd.Add(sums, e);
            }

            float sum = TSimd.Sum(sums);
            float weight = Weights is null ? 1 : Weights[label];
            total += weight * (MathF.Log(sum) - own);
            if (Gradient is null)
            {
                continue;
            }

            // (p − 1 at the label) · weight, shared out between the two pixels that the logits came from.
            TVector scale = TSimd.Broadcast(weight / sum);
            TVector toRight = TSimd.Broadcast(share);
            TVector toLeft = TSimd.Broadcast(1 - share);
            for (int k = 0; k < Stride; k += TSimd.Count)
            {
                TVector d = TSimd.Multiply(TSimd.Load(Scratch + k), scale);
                TSimd.Store(Gradient + left + k, TSimd.MultiplyAdd(d, toLeft, TSimd.Load(Gradient + left + k)));
                TSimd.Store(Gradient + right + k, TSimd.MultiplyAdd(d, toRight, TSimd.Load(Gradient + right + k)));
            }

            Gradient[left + label] -= weight * (1 - share);
            Gradient[right + label] -= weight * share;
        }

        return total;
    }
}
