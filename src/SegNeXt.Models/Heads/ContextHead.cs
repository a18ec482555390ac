using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The structure of the paper's decoder: the stages resized to the first that is read and concatenated; squeeze, a module of
/// global context, align, dropout, classifier.
/// </summary>
/// <remarks>
/// SegNeXt (arXiv:2209.08575), Section 3.2 and Fig. 3 (c); <c>LightHamHead</c> of the released <c>ham_head.py</c>, with the
/// hamburger exchanged where Table 5 exchanges it.
/// </remarks>
public class ContextHead : DecodeHead
{
    private readonly Conv2d _classifier;
    private readonly ConvModule _squeeze;
    private readonly ConvModule _align;
    private readonly Dropout2d _dropout;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    /// <param name="name">Name of the context module in the keys; empty for one whose parts have names of their own.</param>
    /// <param name="context">Makes it.</param>
    public ContextHead(ModelConfig config, Generator generator, string name, Func<DecoderConfig, ContextModule> context)
        : base(config, generator)
    {
        ArgumentNullException.ThrowIfNull(context);
        _classifier = RegisterModule("conv_seg", NewClassifier(config.NumClasses));
        _squeeze = RegisterModule("squeeze", new ConvModule(InputChannels, Decoder.HamChannels, Decoder.GroupNormGroups, generator));
        Context = RegisterModule(name, context(Decoder));
        _align = RegisterModule("align", new ConvModule(Decoder.HamChannels, Decoder.Channels, Decoder.GroupNormGroups, generator));
        _dropout = RegisterModule("dropout", new Dropout2d(Decoder.Dropout, generator));
    }

    /// <summary>The module of global context.</summary>
    public ContextModule Context { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> stages) => Concatenate(stages).Then(Squeeze).Then(ApplyContext).Then(Classify);

    /// <summary>Applies the squeeze with its ReLU to the concatenated stages, <c>[N, ham_channels, h, w]</c>.</summary>
    /// <param name="concatenated">What <see cref="DecodeHead.Concatenate"/> gives.</param>
    public Tensor Squeeze(Tensor concatenated) => _squeeze.Forward(concatenated).Then(Functional.Relu);

    /// <summary>Align, dropout and classifier, <c>[N, K, h, w]</c>.</summary>
    /// <param name="context">The context module's output <c>[N, ham_channels, h, w]</c>.</param>
    public Tensor Classify(Tensor context) =>
        _classifier.Forward(_dropout.Forward(_align.Forward(context).Then(Functional.Relu)));

    internal override void Use(KernelChoice choice)
    {
        (_squeeze.Kernels, _align.Kernels) = (choice, choice);
        Context.Use(choice);
    }

    private Tensor ApplyContext(Tensor squeezed) => CheckpointsContext && Context.IsRepeatable
        ? Checkpoint.Run([Context], Context.Forward, squeezed, Generator)
        : Context.Forward(squeezed);
}
