using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>An encoder and a decoder, such as SegNeXt: MSCAN and the Hamburger; state names exactly those of the released code.</summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3; <c>EncoderDecoder</c> of mmsegmentation.</remarks>
public sealed class SegmentationModel : Network
{
    /// <summary>Creates the model with initial weights.</summary>
    /// <param name="config">A configuration with a decoder.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    /// <exception cref="InputException">The configuration's decoder is not known.</exception>
    public SegmentationModel(ModelConfig config, Generator generator)
        : base(config)
    {
        config.Validate();
        Backbone = RegisterModule("backbone", Encoder.Create(config.Encoder, generator));
        DecodeHead = RegisterModule("decode_head", DecodeHead.Create(config, generator));
    }

    /// <summary>The encoder.</summary>
    public Encoder Backbone { get; }

    /// <summary>The decoder.</summary>
    public DecodeHead DecodeHead { get; }

    /// <inheritdoc/>
    public override ActivationCheckpointing ActivationCheckpointing
    {
        get => Backbone.ActivationCheckpointing;
        set
        {
            Backbone.ActivationCheckpointing = value;
            DecodeHead.CheckpointsContext = value != ActivationCheckpointing.None;
        }
    }

    /// <summary>Computes the logits at the decoder's resolution.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, K, h, w]</c> at the resolution of the first stage that the decoder reads, ⌈H/8⌉ by ⌈W/8⌉ in the paper's own.</returns>
    public override Tensor Forward(Tensor x) => DecodeHead.Forward(Backbone.Forward(x));

    private protected override void Use(KernelChoice choice)
    {
        Backbone.Use(choice);
        DecodeHead.Use(choice);
    }
}
