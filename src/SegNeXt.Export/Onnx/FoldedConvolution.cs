using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>
/// A convolution's weights <c>[out, in / groups, kh, kw]</c> while norms and scales beside it are folded into them, in
/// double precision.
/// </summary>
internal sealed class FoldedConvolution
{
    private readonly double[] _weights;
    private double[]? _bias;

    /// <summary>Reads <c>NAME.weight</c> and, where there is one, <c>NAME.bias</c>.</summary>
    public FoldedConvolution(ModelTensors tensors, string name)
    {
        Name = name;
        Shape = [.. tensors.Shape($"{name}.weight")];
        _weights = Array.ConvertAll(tensors.Read($"{name}.weight"), value => (double)value);
        _bias = tensors.Has($"{name}.bias") ? Array.ConvertAll(tensors.Read($"{name}.bias"), value => (double)value) : null;
    }

    public string Name { get; }

    public long[] Shape { get; }

    public float[] Weights => Array.ConvertAll(_weights, value => (float)value);

    /// <summary>A number an output, or null for none.</summary>
    public float[]? Bias => _bias is null ? null : Array.ConvertAll(_bias, value => (float)value);

    private int Outputs => (int)Shape[0];

    private int PerOutput => _weights.Length / Outputs;

    /// <summary>Folds an affine that stands before the convolution: only for a dense 1×1, where no zeros are padded in between.</summary>
    public FoldedConvolution After(AffineNorm norm)
    {
        _bias ??= new double[Outputs];
        for (int o = 0; o < Outputs; o++)
        {
            Span<double> row = _weights.AsSpan(o * PerOutput, PerOutput);
            for (int i = 0; i < row.Length; i++)
            {
                _bias[o] += row[i] * norm.Shift[i];
                row[i] *= norm.Scale[i];
            }
        }

        return this;
    }

    /// <summary>Folds what follows the convolution: (y + <paramref name="added"/>) · <paramref name="scale"/> + <paramref name="shift"/>.</summary>
    public FoldedConvolution Then(double[] scale, double[]? shift = null, double[]? added = null)
    {
        _bias ??= new double[Outputs];
        for (int o = 0; o < Outputs; o++)
        {
            foreach (ref double weight in _weights.AsSpan(o * PerOutput, PerOutput))
            {
                weight *= scale[o];
            }

            _bias[o] = ((_bias[o] + (added?[o] ?? 0)) * scale[o]) + (shift?[o] ?? 0);
        }

        return this;
    }
}
