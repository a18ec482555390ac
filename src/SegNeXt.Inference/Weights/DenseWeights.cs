using System.Runtime.CompilerServices;
using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The weights of a dense convolution while they are folded, and the way into a packed matrix. Folding is exact algebra:
/// scales wait in double precision until the product is rounded once, on the way into the matrix.
/// </summary>
internal sealed class DenseWeights
{
    private readonly float[] _values;
    private readonly int _taps;
    private double[]? _inputScale;
    private double[]? _outputScale;

    /// <summary>Reads <c>NAME.weight</c> <c>[out, in, kh, kw]</c> and, where there is one, <c>NAME.bias</c>.</summary>
    public DenseWeights(ModelTensors weights, string name, int inputs)
    {
        _values = weights.Read($"{name}.weight");
        int perInput = _values.Length / inputs;
        Bias = weights.Has($"{name}.bias") ? Array.ConvertAll(weights.Read($"{name}.bias"), v => (double)v) : new double[perInput];
        Inputs = inputs;
        Outputs = Bias.Length;
        _taps = perInput / Outputs;
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public double[] Bias { get; }

    /// <summary>Folds an affine that stands before the convolution; only for 1×1, where no zeros are padded in between, and before any other folding.</summary>
    public DenseWeights After(AffineNorm norm)
    {
        for (int o = 0; o < Outputs; o++)
        {
            Bias[o] += Dot(_values.AsSpan(o * Inputs, Inputs), norm.Shift);
        }

        _inputScale = norm.Scale;
        return this;
    }

    /// <summary>Folds an affine that follows the convolution.</summary>
    public DenseWeights Before(double[] scale, double[]? shift = null)
    {
        for (int o = 0; o < Outputs; o++)
        {
            Bias[o] = (Bias[o] * scale[o]) + (shift?[o] ?? 0);
        }

        _outputScale = scale;
        return this;
    }

    /// <summary>Takes the inputs as multiples of a unit; the bias stays as it is.</summary>
    public DenseWeights InMultiplesOf(double unit)
    {
        var scaled = new double[Inputs];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = (_inputScale?[i] ?? 1) * unit;
        }

        _inputScale = scaled;
        return this;
    }

    /// <summary>Packs all, or a range of outputs or inputs. Depth is ordered by tap, then by input as a pixel has them.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="inputStride">Floats a pixel of the input has, at least the inputs taken.</param>
    /// <param name="outputs">The range of outputs, or all.</param>
    /// <param name="inputs">The range of inputs, or all.</param>
    public PackedMatrix Pack(KernelSet kernels, int inputStride, Range? outputs = null, Range? inputs = null)
    {
        (int firstOutput, int outputCount) = (outputs ?? Range.All).GetOffsetAndLength(Outputs);
        (int firstInput, int inputCount) = (inputs ?? Range.All).GetOffsetAndLength(Inputs);
        PackedMatrix matrix = kernels.CreateMatrix(_taps * inputStride, outputCount);
        var column = new float[_taps * inputStride];
        ReadOnlySpan<double> inputScale = _inputScale is null ? default : _inputScale.AsSpan(firstInput, inputCount);
        for (int o = 0; o < outputCount; o++)
        {
            int output = firstOutput + o;
            ReadOnlySpan<float> weights = _values.AsSpan(((output * Inputs) + firstInput) * _taps, inputCount * _taps);
            for (int t = 0; t < _taps; t++)
            {
                Scale(weights, t, _taps, inputScale, _outputScale?[output] ?? 1, column.AsSpan(t * inputStride, inputCount));
            }

            matrix.SetColumn(o, column);
            matrix.Bias[o] = (float)Bias[output];
        }

        return matrix;
    }

    // The loops over all weights run once, at start: there is no time for the JIT to find out that they matter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target[i] = weights[i, tap] · inputScale[i] · outputScale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<float> weights, int tap, int taps, ReadOnlySpan<double> inputScale, double outputScale, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            double scaled = weights[(i * taps) + tap] * (inputScale.IsEmpty ? 1 : inputScale[i]);
            target[i] = (float)(scaled * outputScale);
        }
    }
}
