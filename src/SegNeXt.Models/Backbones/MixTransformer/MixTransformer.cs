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

    private readonly Stage[] _stages;
    private readonly Generator _generator;

    /// <summary>Creates the encoder with weights drawn as the released code draws them without pretraining.</summary>
    /// <param name="config">Sizes and drop-path rate.</param>
    /// <param name="generator">Source of the initial weights and, in training, of the drop-path masks.</param>
    public MixTransformer(MixTransformerConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        _generator = generator;
        int[] dims = config.EmbedDims;
        double[] rates = DropPathRates(config);

        // All patch embeddings first: the order of the released state dict.
        OverlapPatchEmbedding[] embeddings =
        [
            .. dims.Select((dim, i) => RegisterModule(
                $"patch_embed{i + 1}", i == 0 ? new OverlapPatchEmbedding(PictureChannels, dim, 7, 4) : new OverlapPatchEmbedding(dims[i - 1], dim, 3, 2))),
        ];
        _stages = new Stage[dims.Length];
        for (int i = 0, first = 0; i < _stages.Length; first += config.Depths[i], i++)
        {
            int stage = i;
            IEnumerable<TransformerBlock> blocks = rates.Skip(first).Take(config.Depths[i]).Select(rate =>
                new TransformerBlock(dims[stage], config.NumHeads[stage], config.SrRatios[stage], config.MlpRatios[stage], rate, generator));
            _stages[i] = new Stage(
                embeddings[i],
                RegisterModule($"block{i + 1}", new ModuleList<TransformerBlock>(blocks)),
                RegisterModule($"norm{i + 1}", new LayerNorm([dims[i]], NormEps)));
        }

        Initialise(generator);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
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
        Tensor map = stage.Embedding.Forward(x); // [N, h, w, C]
        foreach (TransformerBlock block in stage.Blocks)
        {
            map = map.Then(y => ActivationCheckpointing == ActivationCheckpointing.Blocks
                ? Checkpoint.Run([block], block.Forward, y, _generator)
                : block.Forward(y));
        }

        return map.Then(stage.Norm.Forward).Then(y => y.Permute(0, 3, 1, 2));
    }

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

    private sealed record Stage(OverlapPatchEmbedding Embedding, ModuleList<TransformerBlock> Blocks, LayerNorm Norm)
    {
        public IReadOnlyList<Module> Modules => [Embedding, Blocks, Norm];
    }
}
