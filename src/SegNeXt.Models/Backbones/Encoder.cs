using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>An encoder of four stages at 1/4, 1/8, 1/16 and 1/32 of the picture: <see cref="Mscan"/> or <see cref="MixTransformer"/>.</summary>
public abstract class Encoder : Module
{
    private readonly Generator _generator;

    /// <summary>An encoder without stages as yet.</summary>
    /// <param name="generator">Source of the drop-path masks, which a second computation of a part has to draw again.</param>
    private protected Encoder(Generator generator) => _generator = generator;

    /// <summary>Which parts are computed a second time in the backward pass instead of being kept; none at first.</summary>
    public ActivationCheckpointing ActivationCheckpointing { get; set; }

    /// <summary>
    /// Looks at the output of each stage, numbered from 0, and says what goes on in its place, to the next stage and to the
    /// decoder; null at first.
    /// </summary>
    public Func<int, Tensor, Tensor>? StageProbe { get; set; }

    /// <summary>Creates the encoder of a configuration with initial weights.</summary>
    /// <param name="config">Family, sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public static Encoder Create(EncoderConfig config, Generator generator) => config switch
    {
        MscanConfig mscan => new Mscan(mscan, generator),
        MixTransformerConfig mit => new MixTransformer(mit, generator),
        _ => throw new ArgumentException($"There is no network for {config?.Family}.", nameof(config)),
    };

    /// <summary>Computes the outputs of all stages.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>, any H, W ≥ 1.</param>
    /// <returns>Four tensors, stage i of shape <c>[N, EmbedDims[i], ⌈H/2^(i+2)⌉, ⌈W/2^(i+2)⌉]</c>.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var outputs = new Tensor[Stages.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            EncoderStage stage = Stages[i];
            x = ActivationCheckpointing == ActivationCheckpointing.Stages
                ? Checkpoint.Run(stage.Modules, map => Forward(stage, map), x, _generator)
                : Forward(stage, x);
            outputs[i] = x = StageProbe is null ? x : StageProbe(i, x);
        }

        return outputs;
    }

    /// <summary>The stages, in order.</summary>
    private protected abstract IReadOnlyList<EncoderStage> Stages { get; }

    /// <summary>Sets whose kernels compute the blocks.</summary>
    /// <param name="choice">The kernels; an encoder without fused ones stays with libtorch's.</param>
    internal virtual void Use(KernelChoice choice)
    {
    }

    /// <summary>Drop-path rates of all blocks: 0 at the first, <see cref="EncoderConfig.DropPathRate"/> at the last, linear between.</summary>
    private protected static double[] DropPathRates(EncoderConfig config)
    {
        int blocks = config.Depths.Sum();
        return [.. Enumerable.Range(0, blocks).Select(i => blocks == 1 ? 0 : config.DropPathRate * i / (blocks - 1))];
    }

    private Tensor Forward(EncoderStage stage, Tensor x)
    {
        Tensor y = stage.Embed(x);
        foreach (EncoderBlock block in stage.Blocks)
        {
            y = y.Then(map => ActivationCheckpointing == ActivationCheckpointing.Blocks
                ? Checkpoint.Run([block.Module], block.Forward, map, _generator)
                : block.Forward(map));
        }

        return stage.Close(y);
    }
}
