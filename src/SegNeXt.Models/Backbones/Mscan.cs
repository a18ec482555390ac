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

    private readonly Stage[] _stages;
    private readonly Generator _generator;

    /// <summary>Creates the encoder with weights drawn as the released code draws them without pretraining.</summary>
    /// <param name="config">Sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public Mscan(MscanConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        _generator = generator;
        _stages = new Stage[config.EmbedDims.Length];
        double[] rates = DropPathRates(config);
        for (int i = 0, first = 0; i < _stages.Length; first += config.Depths[i], i++)
        {
            int dim = config.EmbedDims[i];
            IDownSampling downSampling = i == 0
                ? RegisterModule("patch_embed1", new Stem(PictureChannels, dim))
                : RegisterModule($"patch_embed{i + 1}", new PatchEmbedding(config.EmbedDims[i - 1], dim));
            int ratio = config.MlpRatios[i];
            IEnumerable<Block> blocks = rates.Skip(first).Take(config.Depths[i]).Select(rate => new Block(dim, ratio, rate, generator, config));
            _stages[i] = new Stage(
                downSampling,
                RegisterModule($"block{i + 1}", new ModuleList<Block>(blocks)),
                RegisterModule($"norm{i + 1}", new LayerNorm([dim])));
        }

        foreach (Conv2d convolution in NamedModules().Select(entry => entry.Value).OfType<Conv2d>())
        {
            Initialisation.KaimingFanOut(convolution, generator);
        }
    }

    /// <summary>Sets whose kernels compute the blocks.</summary>
    /// <param name="choice">The kernels.</param>
    internal override void Use(KernelChoice choice)
    {
        foreach (Block block in _stages.SelectMany(static stage => stage.Blocks))
        {
            block.Kernels = choice;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Forward(Tensor x)
    {
        var outputs = new Tensor[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            Stage stage = _stages[i];
            x = ActivationCheckpointing == ActivationCheckpointing.Stages
                ? Checkpoint.Run(stage.Modules, map => Forward(stage, map), x, _generator)
                : Forward(stage, x);
            outputs[i] = x = HandOn(i, x);
        }

        return outputs;
    }

    private Tensor Forward(Stage stage, Tensor x)
    {
        Tensor y = stage.DownSampling.Forward(x);
        foreach (Block block in stage.Blocks)
        {
            y = y.Then(map => ActivationCheckpointing == ActivationCheckpointing.Blocks
                ? Checkpoint.Run([block], block.Forward, map, _generator)
                : block.Forward(map));
        }

        // Over channels, position by position: [N, C, H, W] → [N, H, W, C] and back, views both.
        return y.Then(map => map.Permute(0, 2, 3, 1)).Then(stage.Norm.Forward).Then(map => map.Permute(0, 3, 1, 2));
    }

    private sealed record Stage(IDownSampling DownSampling, ModuleList<Block> Blocks, LayerNorm Norm)
    {
        public IReadOnlyList<Module> Modules => [(Module)DownSampling, Blocks, Norm];
    }
}
