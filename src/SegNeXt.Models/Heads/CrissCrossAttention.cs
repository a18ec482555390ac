using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Criss-cross attention, applied twice with the same weights: <c>x ← γ·Σ a·v + x</c>, where each position attends to those of
/// its row and its column; after two rounds every position has been reached from every other.
/// </summary>
/// <remarks>
/// Huang et al., CCNet (ICCV 2019), Sections 3.2 and 3.3; <c>CrissCrossAttention</c> of mmcv and <c>CCHead</c> of
/// mmsegmentation, recurrence 2, whose names these are. SegNeXt (arXiv:2209.08575), Table 5, "CC".
/// </remarks>
public sealed class CrissCrossAttention : ContextModule
{
    private readonly Conv2d _query;
    private readonly Conv2d _key;
    private readonly Conv2d _value;
    private readonly Scale _gamma;

    /// <summary>Creates the module with initial weights; it starts as the identity.</summary>
    /// <param name="dim">Channels D, a multiple of 8.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public CrissCrossAttention(int dim, Generator generator)
    {
        int narrow = dim / Core.DecoderTypes.CrissCrossReduction;
        _query = RegisterModule("query_conv", new Conv2d(dim, narrow, (1, 1)));
        _key = RegisterModule("key_conv", new Conv2d(dim, narrow, (1, 1)));
        _value = RegisterModule("value_conv", new Conv2d(dim, dim, (1, 1)));
        _gamma = RegisterModule("gamma", new Scale());
        foreach (Conv2d convolution in new[] { _query, _key, _value })
        {
            Initialisation.UniformFanIn(convolution.Weight, convolution.Bias, generator);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor y = Once(x);
        for (int i = 1; i < Core.DecoderTypes.CrissCrossRecurrence; i++)
        {
            y = y.Then(Once);
        }

        return y;
    }

    /// <summary>One round.</summary>
    /// <param name="x">Features <c>[N, D, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, D, H, W]</c>.</returns>
    public Tensor Once(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using TensorScope scope = new();
        long n = x.Size(0), height = x.Size(2), width = x.Size(3);
        Tensor query = _query.Forward(x), key = _key.Forward(x), value = _value.Forward(x);

        // Along columns, [N, W, H, H′], and along rows, [N, H, W, W′]: matrix products column by column and row by row.
        Tensor vertical = Columns(query).Bmm(Columns(key).Transpose(1, 2)).Reshape(n, width, height, height);
        Tensor horizontal = Rows(query).Bmm(Rows(key).Transpose(1, 2)).Reshape(n, height, width, width);

        // A position belongs to its row and to its column, and counts once.
        Tensor own = Tensor.Arange(height, x.Device);
        Tensor once = Tensor.Where(own.Unsqueeze(0).Eq(own.Unsqueeze(1)), Tensor.Scalar(double.NegativeInfinity, x.Type, x.Device), vertical);
        Tensor weights = Tensor.Cat([once.Transpose(1, 2), horizontal], 3).Softmax(3); // [N, H, W, H + W]

        Tensor toColumns = weights.Narrow(3, 0, height).Transpose(1, 2).Reshape(n * width, height, height);
        Tensor toRows = weights.Narrow(3, height, width).Reshape(n * height, width, width);
        Tensor fromColumns = toColumns.Bmm(Columns(value)).Reshape(n, width, height, value.Size(1)).Permute(0, 3, 2, 1);
        Tensor fromRows = toRows.Bmm(Rows(value)).Reshape(n, height, width, value.Size(1)).Permute(0, 3, 1, 2);
        return scope.Keep(_gamma.Forward(fromColumns + fromRows) + x);

        // A matrix [H, C] for each column of each image, and [W, C] for each row.
        Tensor Columns(Tensor map) => map.Permute(0, 3, 2, 1).Reshape(n * width, height, map.Size(1));
        Tensor Rows(Tensor map) => map.Permute(0, 2, 3, 1).Reshape(n * height, width, map.Size(1));
    }
}
