using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The paper's decoder: stages 2–4 at 1/8 of the picture, concatenated; squeeze, hamburger, align, dropout, classifier.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3.2 and Fig. 3 (c); <c>LightHamHead</c> of the released <c>ham_head.py</c>.</remarks>
public sealed class HamHead : Module
{
    private const double ClassifierStd = 0.01;

    private readonly int[] _inputStages;
    private readonly Conv2d _classifier;
    private readonly ConvModule _squeeze;
    private readonly ConvModule _align;
    private readonly Dropout2d _dropout;
    private readonly Generator _generator;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    public HamHead(ModelConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        DecoderConfig decoder = config.Decoder ?? throw new ArgumentException("The configuration has no decoder.", nameof(config));
        _generator = generator;
        _inputStages = decoder.InputStages;
        int concatenated = _inputStages.Sum(stage => config.Encoder.EmbedDims[stage]);
        _classifier = RegisterModule("conv_seg", new Conv2d(decoder.Channels, config.NumClasses, (1, 1)));
        Initialisation.NormalWeights(_classifier, ClassifierStd, generator);
        _squeeze = RegisterModule("squeeze", new ConvModule(concatenated, decoder.HamChannels, decoder.GroupNormGroups, generator));
        Hamburger = RegisterModule("hamburger", new Hamburger(decoder, generator));
        _align = RegisterModule("align", new ConvModule(decoder.HamChannels, decoder.Channels, decoder.GroupNormGroups, generator));
        _dropout = RegisterModule("dropout", new Dropout2d(decoder.Dropout, generator));
    }

    /// <summary>The global context module.</summary>
    public Hamburger Hamburger { get; }

    /// <summary>Whether the hamburger is computed a second time in the backward pass instead of its rounds being kept; not at first.</summary>
    public bool CheckpointsHamburger { get; set; }

    /// <summary>Sets whose kernels compute the decoder.</summary>
    /// <param name="choice">The kernels.</param>
    internal void Use(KernelChoice choice)
    {
        (_squeeze.Kernels, _align.Kernels) = (choice, choice);
        Hamburger.Use(choice);
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="stages">Outputs of all four stages of the encoder.</param>
    /// <returns>Logits <c>[N, K, h, w]</c> at the resolution of the first stage that is read.</returns>
    public Tensor Forward(IReadOnlyList<Tensor> stages) => Concatenate(stages).Then(Squeeze).Then(Context).Then(Classify);

    /// <summary>The decoder's input: the stages that are read, resized to the first of them, <c>[N, ΣC, h, w]</c>.</summary>
    /// <param name="stages">Outputs of all four stages of the encoder.</param>
    public Tensor Concatenate(IReadOnlyList<Tensor> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        Tensor first = stages[_inputStages[0]];
        (int, int) size = ((int)first.Size(2), (int)first.Size(3));
        var resized = new Tensor[_inputStages.Length];
        resized[0] = first;
        for (int i = 1; i < resized.Length; i++)
        {
            resized[i] = Functional.Interpolate(stages[_inputStages[i]], size, InterpolationMode.Bilinear, alignCorners: false);
        }

        return Tensor.Cat(resized, 1);
    }

    /// <summary>Applies the squeeze with its ReLU to the concatenated stages, <c>[N, ham_channels, h, w]</c>.</summary>
    /// <param name="concatenated">What <see cref="Concatenate"/> gives.</param>
    public Tensor Squeeze(Tensor concatenated) => _squeeze.Forward(concatenated).Then(Functional.Relu);

    /// <summary>Align, dropout and classifier, <c>[N, K, h, w]</c>.</summary>
    /// <param name="context">The hamburger's output <c>[N, ham_channels, h, w]</c>.</param>
    public Tensor Classify(Tensor context) =>
        _classifier.Forward(_dropout.Forward(_align.Forward(context).Then(Functional.Relu)));

    private Tensor Context(Tensor squeezed) => CheckpointsHamburger
        ? Checkpoint.Run([Hamburger], Hamburger.Forward, squeezed, _generator)
        : Hamburger.Forward(squeezed);
}
