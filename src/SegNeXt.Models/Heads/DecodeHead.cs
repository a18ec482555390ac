using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A decoder: the encoder's feature maps in, logits out.</summary>
public abstract class DecodeHead : Module
{
    private const double ClassifierStd = 0.01;

    private readonly int[] _inputStages;

    /// <summary>Starts a decoder.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    protected DecodeHead(ModelConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        Decoder = config.Decoder ?? throw new ArgumentException("The configuration has no decoder.", nameof(config));
        _inputStages = Decoder.InputStages;
        Generator = generator;
        InputChannels = _inputStages.Sum(stage => config.Encoder.EmbedDims[stage]);
    }

    /// <summary>
    /// Whether the module of global context is computed a second time in the backward pass instead of its intermediate maps
    /// being kept; not at first.
    /// </summary>
    public bool CheckpointsContext { get; set; }

    /// <summary>The decoder's kind and sizes.</summary>
    protected DecoderConfig Decoder { get; }

    /// <summary>Channels of the stages that are read, together.</summary>
    protected int InputChannels { get; }

    /// <summary>Source of all randomness.</summary>
    protected Generator Generator { get; }

    /// <summary>Builds the decoder that a configuration names.</summary>
    /// <param name="config">The model.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    /// <exception cref="InputException">There is no decoder of that kind.</exception>
    public static DecodeHead Create(ModelConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Decoder?.Type switch
        {
            DecoderTypes.Ham => new HamHead(config, generator),
            DecoderTypes.Msca => new ContextHead(config, generator, "attn", decoder => new AttentionContext(decoder.HamChannels, generator)),
            DecoderTypes.CrissCross => new ContextHead(config, generator, "cca", decoder => new CrissCrossAttention(decoder.HamChannels, generator)),
            DecoderTypes.NonLocal => new ContextHead(config, generator, "nl_block", decoder => new NonLocalBlock(decoder.HamChannels, decoder.GroupNormGroups, generator)),
            DecoderTypes.Ema => new ContextHead(config, generator, "", decoder => new ExpectationMaximisation(decoder.HamChannels, decoder.GroupNormGroups, generator)),
            DecoderTypes.Mlp => new MlpHead(config, generator),
            DecoderTypes.Aspp => new AsppHead(config, generator),
            DecoderTypes.Psp => new PspHead(config, generator),
            DecoderTypes.DualAttention => new DualAttentionHead(config, generator),
            _ => throw new InputException($"There is no decoder '{config.Decoder?.Type}'; the decoders are {string.Join(", ", DecoderTypes.All)}."),
        };
    }

    /// <summary>Computes the logits.</summary>
    /// <param name="stages">Outputs of all four stages of the encoder.</param>
    /// <returns>Logits <c>[N, K, h, w]</c> at the resolution of the first stage that is read.</returns>
    public abstract Tensor Forward(IReadOnlyList<Tensor> stages);

    /// <summary>The stages that are read, resized to the first of them and joined, <c>[N, ΣC, h, w]</c>.</summary>
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

    /// <summary>Sets whose kernels compute the decoder; libtorch's compute what the others do not know.</summary>
    /// <param name="choice">The kernels.</param>
    internal virtual void Use(KernelChoice choice)
    {
    }

    /// <summary>The last layer, with the released heads' initial weights.</summary>
    private protected Conv2d NewClassifier(int classes)
    {
        Conv2d classifier = new(Decoder.Channels, classes, (1, 1));
        Initialisation.NormalWeights(classifier, ClassifierStd, Generator);
        return classifier;
    }
}
