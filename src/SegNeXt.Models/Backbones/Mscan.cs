using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// MSCAN, the convolutional encoder: four stages of blocks at 1/4, 1/8, 1/16 and 1/32 of the picture, each closed by a
/// layer norm over channels whose result is both the stage's output and the next stage's input.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3.1 and Table 2; <c>MSCAN</c> of the released <c>mscan.py</c>.</remarks>
public sealed class Mscan : Module
{
    private const int PictureChannels = 3;

    private readonly (IDownSampling DownSampling, ModuleList<Block> Blocks, LayerNorm Norm)[] _stages;

    /// <summary>Creates the encoder with weights drawn as the released code draws them without pretraining.</summary>
    /// <param name="config">Sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public Mscan(MscanConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        _stages = new (IDownSampling, ModuleList<Block>, LayerNorm)[config.EmbedDims.Length];
        double[] rates = DropPathRates(config);
        for (int i = 0, first = 0; i < _stages.Length; first += config.Depths[i], i++)
        {
            int dim = config.EmbedDims[i];
            IDownSampling downSampling = i == 0
                ? RegisterModule("patch_embed1", new Stem(PictureChannels, dim))
                : RegisterModule($"patch_embed{i + 1}", new PatchEmbedding(config.EmbedDims[i - 1], dim));
            int ratio = config.MlpRatios[i];
            IEnumerable<Block> blocks = rates.Skip(first).Take(config.Depths[i]).Select(rate => new Block(dim, ratio, rate, generator));
            _stages[i] = (
                downSampling,
                RegisterModule($"block{i + 1}", new ModuleList<Block>(blocks)),
                RegisterModule($"norm{i + 1}", new LayerNorm([dim])));
        }

        foreach (Conv2d convolution in NamedModules().Select(entry => entry.Value).OfType<Conv2d>())
        {
            Initialisation.KaimingFanOut(convolution, generator);
        }
    }

    /// <summary>Computes the outputs of all stages.</summary>
    /// <param name="x">Normalised pictures <c>[N, 3, H, W]</c>, any H, W ≥ 1.</param>
    /// <returns>Four tensors, stage i of shape <c>[N, EmbedDims[i], ⌈H/2^(i+2)⌉, ⌈W/2^(i+2)⌉]</c>.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor x)
    {
        var outputs = new Tensor[_stages.Length];
        for (int i = 0; i < _stages.Length; i++)
        {
            (IDownSampling downSampling, ModuleList<Block> blocks, LayerNorm norm) = _stages[i];
            Tensor y = downSampling.Forward(x);
            foreach (Block block in blocks)
            {
                y = y.Then(block.Forward);
            }

            // Over channels, position by position: [N, C, H, W] → [N, H, W, C] and back, views both.
            x = y.Then(map => map.Permute(0, 2, 3, 1)).Then(norm.Forward).Then(map => map.Permute(0, 3, 1, 2));
            outputs[i] = x;
        }

        return outputs;
    }

    /// <summary>Drop-path rates of all blocks: 0 at the first, <see cref="MscanConfig.DropPathRate"/> at the last, linear between.</summary>
    private static double[] DropPathRates(MscanConfig config)
    {
        int blocks = config.Depths.Sum();
        return [.. Enumerable.Range(0, blocks).Select(i => blocks == 1 ? 0 : config.DropPathRate * i / (blocks - 1))];
    }
}
