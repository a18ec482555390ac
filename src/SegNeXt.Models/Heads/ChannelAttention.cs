using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Channel attention: <c>y = γ·softmax(max(E) − E)·x + x</c> with <c>E = x·xᵀ</c>, every channel with every other; no weights but γ.
/// </summary>
/// <remarks>
/// Fu et al., DANet (CVPR 2019), Section 3.3, with the released code's difference from each row's maximum, which lets a channel
/// attend to those that are unlike it; <c>CAM</c> of mmsegmentation.
/// </remarks>
public sealed class ChannelAttention : Module
{
    private readonly Scale _gamma;

    /// <summary>Creates the module; it starts as the identity.</summary>
    public ChannelAttention() => _gamma = RegisterModule("gamma", new Scale());

    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, C, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, C, H, W]</c>.</returns>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using TensorScope scope = new();
        Tensor flat = x.Reshape(x.Size(0), x.Size(1), x.Size(2) * x.Size(3)); // [N, C, P]
        Tensor energy = flat.Bmm(flat.Transpose(1, 2)); // [N, C, C]
        Tensor weights = (energy.Max([2], keepDim: true) - energy).Softmax(-1);
        Tensor context = weights.Bmm(flat).Reshape(x.Size(0), x.Size(1), x.Size(2), x.Size(3));
        return scope.Keep(_gamma.Forward(context) + x);
    }
}
