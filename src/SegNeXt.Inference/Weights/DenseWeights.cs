using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The weights of a dense convolution while they are folded, in double precision, and the way into a packed matrix.
/// Folding is exact algebra: what is rounded is only the product of weights.
/// </summary>
internal sealed class DenseWeights
{
    private readonly double[] _values;
    private readonly int _taps;

    /// <summary>Reads <c>NAME.weight</c> <c>[out, in, kh, kw]</c> and, where there is one, <c>NAME.bias</c>.</summary>
    public DenseWeights(WeightReader weights, string name, int inputs)
    {
        float[] values = weights.Read($"{name}.weight");
        Bias = weights.Has($"{name}.bias") ? Array.ConvertAll(weights.Read($"{name}.bias"), v => (double)v) : null!;
        int perInput = values.Length / inputs;
        Inputs = inputs;
        Outputs = Bias is not null ? Bias.Length : perInput;
        Bias ??= new double[Outputs];
        _taps = perInput / Outputs;
        _values = Array.ConvertAll(values, v => (double)v);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public double[] Bias { get; }

    private ref double this[int output, int input, int tap] => ref _values[(((output * Inputs) + input) * _taps) + tap];

    /// <summary>Folds an affine that stands before the convolution; only for 1×1, where no zeros are padded in between.</summary>
    public DenseWeights After(AffineNorm norm)
    {
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < Inputs; i++)
            {
                Bias[o] += this[o, i, 0] * norm.Shift[i];
                this[o, i, 0] *= norm.Scale[i];
            }
        }

        return this;
    }

    /// <summary>Folds an affine that follows the convolution.</summary>
    public DenseWeights Before(double[] scale, double[]? shift = null)
    {
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < Inputs; i++)
            {
                for (int t = 0; t < _taps; t++)
                {
                    this[o, i, t] *= scale[o];
                }
            }

            Bias[o] = (Bias[o] * scale[o]) + (shift?[o] ?? 0);
        }

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
        var rows = new float[_taps * inputStride * outputCount];
        for (int t = 0; t < _taps; t++)
        {
            for (int i = 0; i < inputCount; i++)
            {
                for (int o = 0; o < outputCount; o++)
                {
                    rows[(((t * inputStride) + i) * outputCount) + o] = (float)this[firstOutput + o, firstInput + i, t];
                }
            }
        }

        PackedMatrix matrix = kernels.CreateMatrix(_taps * inputStride, outputCount);
        matrix.Fill(rows, outputCount);
        for (int o = 0; o < outputCount; o++)
        {
            matrix.Bias[o] = (float)Bias[firstOutput + o];
        }

        return matrix;
    }
}
