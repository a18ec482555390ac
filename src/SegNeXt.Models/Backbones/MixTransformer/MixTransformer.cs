using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The Mix Transformer, SegFormer's encoder: four stages of transformer blocks, each begun by an overlapping patch embedding and
/// closed by a layer norm whose result is both the stage's output and the next stage's input.
/// </summary>
/// <remarks>Xie et al. (arXiv:2105.15203), Section 3.1; <c>MixVisionTransformer</c> of the released <c>mix_transformer.py</c>.</remarks>
public sealed class MixTransformer : Encoder
{
    /// <summary>Added to the variance by the norms of blocks and stages.</summary>
    internal const double NormEps = 1e-6;

    private const int PictureChannels = 3;

    private readonly EncoderStage[] _stages;

    /// <summary>Creates the encoder with weights drawn as the released code draws them without pretraining.</summary>
    /// <param name="config">Sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public MixTransformer(MixTransformerConfig config, Generator generator)
        : base(generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        int[] dims = config.EmbedDims;
        double[] rates = DropPathRates(config);

        // All patch embeddings first: the order of the released state dict.
        OverlapPatchEmbedding[] embeddings =
        [
            .. dims.Select((dim, i) => RegisterModule(
                $"patch_embed{i + 1}", i == 0 ? new OverlapPatchEmbedding(PictureChannels, dim, 7, 4) : new OverlapPatchEmbedding(dims[i - 1], dim, 3, 2))),
        ];
        _stages = new EncoderStage[dims.Length];
        for (int i = 0, first = 0; i < _stages.Length; first += config.Depths[i], i++)
        {
            int stage = i;
            IEnumerable<TransformerBlock> drawn = rates.Skip(first).Take(config.Depths[i]).Select(rate =>
                new TransformerBlock(dims[stage], config.NumHeads[stage], config.SrRatios[stage], config.MlpRatios[stage], rate, generator));
            ModuleList<TransformerBlock> blocks = RegisterModule($"block{i + 1}", new ModuleList<TransformerBlock>(drawn));
            LayerNorm norm = RegisterModule($"norm{i + 1}", new LayerNorm([dims[i]], NormEps));
            _stages[i] = new EncoderStage(
                [embeddings[i], blocks, norm],
                embeddings[i].Forward, // [N, h, w, C], as the blocks take it
                [.. blocks.Select(static block => new EncoderBlock(block, block.Forward))],
                map => map.Then(norm.Forward).Then(static y => y.Permute(0, 3, 1, 2)));
        }

        Initialise(generator);
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<EncoderStage> Stages => _stages;

    /// <summary>Linear layers normal with std 0.02 and bias 0, convolutions by their fan-out (<c>_init_weights</c>).</summary>
    private void Initialise(Generator generator)
    {
        foreach (Module module in NamedModules().Select(entry => entry.Value))
        {
            if (module is Linear linear)
            {
                Initialisation.NormalWeights(linear, 0.02, generator);
            }
            else if (module is Conv2d convolution)
            {
                Initialisation.KaimingFanOut(convolution, generator);
            }
        }
    }
}
