using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>One stage of an encoder, as functions over maps in whatever layout its blocks work on.</summary>
/// <param name="Modules">All modules of the stage.</param>
/// <param name="Embed">Makes the map smaller: <c>[N, C', H', W']</c> to what the blocks take.</param>
/// <param name="Blocks">The blocks, in order.</param>
/// <param name="Close">The closing norm: what the blocks give to <c>[N, C, H, W]</c>.</param>
internal sealed record EncoderStage(
    IReadOnlyList<Module> Modules, Func<Tensor, Tensor> Embed, IReadOnlyList<EncoderBlock> Blocks, Func<Tensor, Tensor> Close);

/// <summary>One residual block of a stage.</summary>
/// <param name="Module">The block.</param>
/// <param name="Forward">Its forward pass; shape and layout stay as they are.</param>
internal sealed record EncoderBlock(Module Module, Func<Tensor, Tensor> Forward);
