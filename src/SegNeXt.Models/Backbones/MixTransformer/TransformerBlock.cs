using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>One block of the Mix Transformer: <c>x ← x + dp(attn(LN₁(x)))</c>, then <c>x ← x + dp(ffn(LN₂(x)))</c>.</summary>
/// <remarks>Xie et al. (arXiv:2105.15203), Fig. 2; <c>Block</c> of the released <c>mix_transformer.py</c>.</remarks>
public sealed class TransformerBlock : Module
{
    private readonly LayerNorm _norm1;
    private readonly EfficientSelfAttention _attention;
    private readonly DropPath _dropPath;
    private readonly LayerNorm _norm2;
    private readonly MixFeedForward _feedForward;

    /// <summary>Creates the block.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="heads">Number of attention heads; divides C.</param>
    /// <param name="reduction">Keys and values are taken at 1/R of height and width.</param>
    /// <param name="mlpRatio">Expansion ratio of the feed-forward part.</param>
    /// <param name="dropPath">Drop-path rate of both branches.</param>
    /// <param name="generator">Source of the drop-path masks.</param>
    public TransformerBlock(int dim, int heads, int reduction, int mlpRatio, double dropPath, Generator generator)
    {
        _norm1 = RegisterModule("norm1", new LayerNorm([dim], MixTransformer.NormEps));
        _attention = RegisterModule("attn", new EfficientSelfAttention(dim, heads, reduction));
        _dropPath = RegisterModule("drop_path", new DropPath(dropPath, generator));
        _norm2 = RegisterModule("norm2", new LayerNorm([dim], MixTransformer.NormEps));
        _feedForward = RegisterModule("mlp", new MixFeedForward(dim, dim * mlpRatio));
    }

    /// <summary>Computes the block.</summary>
    /// <param name="x">Features <c>[N, H, W, C]</c>.</param>
    /// <returns>A new tensor <c>[N, H, W, C]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        Tensor attended = Residual(x, _norm1, _attention.Forward);
        return attended.Then(y => Residual(y, _norm2, _feedForward.Forward));
    }

    private Tensor Residual(Tensor x, LayerNorm norm, Func<Tensor, Tensor> branch)
    {
        using TensorScope scope = new();
        return scope.Keep(x + _dropPath.Forward(norm.Forward(x).Then(branch)));
    }
}
