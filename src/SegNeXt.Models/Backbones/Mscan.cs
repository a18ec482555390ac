using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// MSCAN, the convolutional encoder: four stages of blocks at 1/4, 1/8, 1/16 and 1/32 of the picture, each closed by a
/// layer norm over channels whose result is both the stage's output and the next stage's input.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3.1 and Table 2; <c>MSCAN</c> of the released <c>mscan.py</c>.</remarks>
public sealed class Mscan : Encoder
{
    private const int PictureChannels = 3;

    private readonly EncoderStage[] _stages;
    private readonly Block[] _blocks;

    /// <summary>Creates the encoder with weights drawn as the released code draws them without pretraining.</summary>
    /// <param name="config">Sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public Mscan(MscanConfig config, Generator generator)
        : base(generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        _stages = new EncoderStage[config.EmbedDims.Length];
        double[] rates = DropPathRates(config);
        for (int i = 0, first = 0; i < _stages.Length; first += config.Depths[i], i++)
        {
            int dim = config.EmbedDims[i];
            IDownSampling downSampling = i == 0
                ? RegisterModule("patch_embed1", new Stem(PictureChannels, dim))
                : RegisterModule($"patch_embed{i + 1}", new PatchEmbedding(config.EmbedDims[i - 1], dim));
            int ratio = config.MlpRatios[i];
            IEnumerable<Block> drawn = rates.Skip(first).Take(config.Depths[i]).Select(rate => new Block(dim, ratio, rate, generator, config));
            ModuleList<Block> blocks = RegisterModule($"block{i + 1}", new ModuleList<Block>(drawn));
            LayerNorm norm = RegisterModule($"norm{i + 1}", new LayerNorm([dim]));
            _stages[i] = new EncoderStage(
                [(Module)downSampling, blocks, norm],
                downSampling.Forward,
                [.. blocks.Select(static block => new EncoderBlock(block, block.Forward))],
                map => Normalise(norm, map));
        }

        _blocks = [.. _stages.SelectMany(static stage => stage.Blocks).Select(static block => (Block)block.Module)];

        foreach (Conv2d convolution in NamedModules().Select(entry => entry.Value).OfType<Conv2d>())
        {
            Initialisation.KaimingFanOut(convolution, generator);
        }
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<EncoderStage> Stages => _stages;

    /// <summary>Sets whose kernels compute the blocks.</summary>
    /// <param name="choice">The kernels.</param>
    internal override void Use(KernelChoice choice)
    {
        foreach (Block block in _blocks)
        {
            block.Kernels = choice;
        }
    }

    /// <summary>Over channels, position by position: [N, C, H, W] → [N, H, W, C] and back, views both.</summary>
    private static Tensor Normalise(LayerNorm norm, Tensor map) =>
        map.Then(static y => y.Permute(0, 2, 3, 1)).Then(norm.Forward).Then(static y => y.Permute(0, 3, 1, 2));
}
