using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Position attention: <c>y = γ·softmax(q(x)ᵀk(x))·v(x) + x</c>, every position with every other.</summary>
/// <remarks>Fu et al., DANet (CVPR 2019), Section 3.2; <c>PAM</c> of mmsegmentation, whose names these are.</remarks>
public sealed class PositionAttention : Module
{
    private readonly Conv2d _key;
    private readonly Conv2d _query;
    private readonly Conv2d _value;
    private readonly Scale _gamma;

    /// <summary>Creates the module with initial weights; it starts as the identity.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="inner">Channels of queries and keys.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public PositionAttention(int dim, int inner, Generator generator)
    {
        _key = RegisterModule("key_project", new Conv2d(dim, inner, (1, 1)));
        _query = RegisterModule("query_project", new Conv2d(dim, inner, (1, 1)));
        _value = RegisterModule("value_project", new Conv2d(dim, dim, (1, 1)));
        _gamma = RegisterModule("gamma", new Scale());
        foreach (Conv2d convolution in new[] { _key, _query, _value })
        {
            Initialisation.UniformFanIn(convolution.Weight, convolution.Bias, generator);
        }
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using TensorScope scope = new();
        long n = x.Size(0), height = x.Size(2), width = x.Size(3);
        Tensor query = Flat(_query.Forward(x)), key = Flat(_key.Forward(x)), value = Flat(_value.Forward(x)); // [N, ·, P]
        Tensor weights = query.Transpose(1, 2).Bmm(key).Then(static likeness => likeness.Softmax(-1)); // [N, P, P]
        Tensor context = value.Bmm(weights.Transpose(1, 2)).Reshape(n, x.Size(1), height, width);
        return scope.Keep(_gamma.Forward(context) + x);

        Tensor Flat(Tensor map) => map.Reshape(n, map.Size(1), height * width);
    }
}
