using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Self-attention <c>softmax(Q·Kᵀ/√d)·V</c> whose keys and values come from a map made smaller by R in both directions, so that the
/// cost falls by R².
/// </summary>
/// <remarks>Xie et al. (arXiv:2105.15203), Eq. 1–2; <c>Attention</c> of the released <c>mix_transformer.py</c>.</remarks>
public sealed class EfficientSelfAttention : Module
{
    private readonly int _heads;
    private readonly int _reduction;
    private readonly Linear _query;
    private readonly Linear _keyValue;
    private readonly Linear _projection;
    private readonly Conv2d? _reduce;
    private readonly LayerNorm? _norm;

    /// <summary>Creates the module.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="heads">Number of heads; divides C.</param>
    /// <param name="reduction">R; with 1 there is no reduction.</param>
    public EfficientSelfAttention(int dim, int heads, int reduction)
    {
        (_heads, _reduction) = (heads, reduction);
        _query = RegisterModule("q", new Linear(dim, dim));
        _keyValue = RegisterModule("kv", new Linear(dim, 2 * dim));
        _projection = RegisterModule("proj", new Linear(dim, dim));
        if (reduction > 1)
        {
            _reduce = RegisterModule("sr", new Conv2d(dim, dim, reduction, reduction));
            _norm = RegisterModule("norm", new LayerNorm([dim]));
        }
    }

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, H, W, C]</c>.</param>
    /// <returns>A new tensor <c>[N, H, W, C]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using TensorScope scope = new();
        long n = x.Size(0), height = x.Size(1), width = x.Size(2), c = x.Size(3);
        Tensor query = Heads(_query.Forward(x), n); // [N, heads, P, d], P = H·W
        Tensor both = _keyValue.Forward(Reduce(x)).Reshape(n, -1, 2 * c); // [N, P', 2C]
        Tensor key = Heads(both.Narrow(2, 0, c), n); // [N, heads, P', d]
        Tensor value = Heads(both.Narrow(2, c, c), n);
        Tensor weights = query.MatMul(key.Transpose(2, 3)) // [N, heads, P, P']
            .Then(product => product * (1 / Math.Sqrt((double)c / _heads)))
            .Then(scaled => scaled.Softmax(-1));
        Tensor attended = weights.Then(w => w.MatMul(value)).Transpose(1, 2).Reshape(n, height, width, c);
        return scope.Keep(_projection.Forward(attended));
    }

    /// <summary>One vector of d = C/heads channels for each head and position.</summary>
    private Tensor Heads(Tensor x, long n)
    {
        long c = x.Size(-1);
        return x.Reshape(n, -1, _heads, c / _heads).Permute(0, 2, 1, 3);
    }

    private Tensor Reduce(Tensor x)
    {
        if (_reduce is null)
        {
            return x;
        }

        // A map smaller than the window has zeros put to it; the released code cannot take one.
        long below = Math.Max(0, _reduction - x.Size(1)), beside = Math.Max(0, _reduction - x.Size(2));
        Tensor map = x.Permute(0, 3, 1, 2);
        Tensor filled = below + beside > 0 ? Functional.Pad(map, [0, beside, 0, below]) : map;
        return _norm!.Forward(_reduce.Forward(filled).Permute(0, 2, 3, 1));
    }
}
