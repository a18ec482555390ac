using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// One block of MSCAN: <c>x ← x + dp(ls₁ ⊙ attn(BN₁(x)))</c>, then <c>x ← x + dp(ls₂ ⊙ ffn(BN₂(x)))</c>, with layer
/// scales ls that start at 0.01.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Fig. 2; <c>Block</c> of the released <c>mscan.py</c>.</remarks>
public sealed class Block : Module
{
    private const double LayerScaleInit = 1e-2;

    private readonly Tensor _layerScale1;
    private readonly Tensor _layerScale2;
    private readonly BatchNorm2d _norm1;
    private readonly SpatialAttention _attention;
    private readonly DropPath _dropPath;
    private readonly BatchNorm2d _norm2;
    private readonly FeedForward _feedForward;

    /// <summary>Creates the block.</summary>
    /// <param name="dim">Channels C.</param>
    /// <param name="mlpRatio">Expansion ratio of the feed-forward part.</param>
    /// <param name="dropPath">Drop-path rate of both branches.</param>
    /// <param name="generator">Source of the drop-path masks.</param>
    /// <param name="config">The encoder, whose kind of attention it has; null for MSCA with nothing left out.</param>
    public Block(int dim, int mlpRatio, double dropPath, Generator generator, MscanConfig? config = null)
    {
        _layerScale1 = RegisterParameter("layer_scale_1", Tensor.Full([dim], LayerScaleInit));
        _layerScale2 = RegisterParameter("layer_scale_2", Tensor.Full([dim], LayerScaleInit));
        _norm1 = RegisterModule("norm1", new BatchNorm2d(dim));
        _attention = RegisterModule("attn", new SpatialAttention(dim, config));
        _dropPath = RegisterModule("drop_path", new DropPath(dropPath, generator));
        _norm2 = RegisterModule("norm2", new BatchNorm2d(dim));
        _feedForward = RegisterModule("mlp", new FeedForward(dim, dim * mlpRatio));
    }

    /// <summary>Whose kernels compute the block.</summary>
    public KernelChoice Kernels { get; set; }

    /// <summary>Computes the block.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        bool fuses = Kernels == KernelChoice.Fused && FusedKernels.Take(x);

        // The fused attention is MSCA's as the paper defines it; the feed-forward half is the same beside any attention.
        Tensor attended = fuses && _attention.IsPlain
            ? FusedAttention.Run(x, _norm1, _attention, _layerScale1, _dropPath)
            : Residual(x, _norm1, _attention.Forward, _layerScale1);
        return attended.Then(y => fuses
            ? FusedFeedForward.Run(y, _norm2, _feedForward, _layerScale2, _dropPath)
            : Residual(y, _norm2, _feedForward.Forward, _layerScale2));
    }

    private Tensor Residual(Tensor x, BatchNorm2d norm, Func<Tensor, Tensor> branch, Tensor layerScale)
    {
        using TensorScope scope = new();
        Tensor perChannel = layerScale.Reshape(1, layerScale.Size(0), 1, 1);
        Tensor scaled = norm.Forward(x).Then(branch).Then(y => perChannel * y);
        return scope.Keep(x + _dropPath.Forward(scaled));
    }
}
