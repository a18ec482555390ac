using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>MSCAN with its image classifier: the mean over positions of stage 4, then a linear layer.</summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Table 3. State names are the encoder's without prefix, and <c>head.*</c>.</remarks>
public sealed class MscanClassifier : Network
{
    private const double HeadStd = 0.02;

    private readonly Encoder _encoder;
    private readonly Linear _head;

    /// <summary>Creates the classifier with initial weights.</summary>
    /// <param name="config">A configuration without decoder.</param>
    /// <param name="generator">Source of the initial weights and of the drop-path masks.</param>
    public MscanClassifier(ModelConfig config, Generator generator)
        : base(config)
    {
        _encoder = RegisterModule(string.Empty, Encoder.Create(config.Encoder, generator));
        _head = RegisterModule("head", new Linear(config.Encoder.EmbedDims[^1], config.NumClasses));
        Initialisation.NormalWeights(_head, HeadStd, generator);
    }

    /// <inheritdoc/>
    public override ActivationCheckpointing ActivationCheckpointing
    {
        get => _encoder.ActivationCheckpointing;
        set => _encoder.ActivationCheckpointing = value;
    }

    /// <summary>Scores of each picture.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, K]</c>.</returns>
    public override Tensor Forward(Tensor x) => _head.Forward(_encoder.Forward(x)[^1].Mean([2, 3], false));

    private protected override void Use(KernelChoice choice) => _encoder.Use(choice);
}
