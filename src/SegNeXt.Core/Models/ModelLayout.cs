namespace SegNeXt.Core;

/// <summary>
/// The state dict of a model: every tensor's name, shape and place, exactly as the released code (<c>mscan.py</c>,
/// <c>ham_head.py</c>; <c>mix_transformer.py</c>) registers them, so that weights go both ways.
/// </summary>
/// <remarks>
/// A segmenter's names begin with <c>backbone.</c> and <c>decode_head.</c>; a classifier's (a config without decoder)
/// carry no prefix and end with <c>head.weight</c>, <c>head.bias</c>, as the ImageNet checkpoints have them.
/// </remarks>
public static partial class ModelLayout
{
    /// <summary>The optional tensor of fixed NMF bases, <c>[1, D, R]</c>, L2-normalised over D.</summary>
    public const string BasesName = "decode_head.hamburger.ham.bases";

    /// <summary>Prefix of the encoder's tensors in a segmenter.</summary>
    public const string BackbonePrefix = "backbone.";

    /// <summary>Prefix of the decoder's tensors in a segmenter.</summary>
    public const string DecoderPrefix = "decode_head.";

    /// <summary>All tensors, parameters and buffers, in the order of the released <c>state_dict()</c>.</summary>
    /// <param name="config">What the model is.</param>
    /// <returns>One entry per tensor; names are unique.</returns>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    public static IReadOnlyList<TensorSpec> Enumerate(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        List<TensorSpec> tensors = [];
        if (config.Decoder is null)
        {
            AddEncoder(tensors, "", config.Encoder);
            AddParameter(tensors, "head.weight", config.NumClasses, config.Encoder.EmbedDims[^1]);
            AddParameter(tensors, "head.bias", config.NumClasses);
        }
        else
        {
            AddEncoder(tensors, BackbonePrefix, config.Encoder);
            AddDecoder(tensors, DecoderPrefix, config.Encoder, config.Decoder, config.NumClasses);
        }

        return tensors;
    }

    /// <summary>Tensors that a model file may hold beyond <see cref="Enumerate"/>: the fixed NMF bases of a segmenter with the decoder <c>ham</c>.</summary>
    /// <param name="config">What the model is.</param>
    /// <returns>One buffer <c>[1, D, R]</c>, or nothing for a classifier or another decoder.</returns>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    public static IReadOnlyList<TensorSpec> OptionalBases(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        return config.Decoder is { Type: DecoderTypes.Ham } decoder
            ? [new TensorSpec(BasesName, [1, decoder.HamChannels, decoder.NmfRank], TensorKind.Buffer, TensorDType.F32)]
            : [];
    }

    /// <summary>Number of learned values: the sum of the parameters' sizes, buffers not counted.</summary>
    /// <param name="config">What the model is.</param>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    public static long CountParameters(ModelConfig config) => CountParameters(Enumerate(config), "");

    /// <summary>Number of learned values of the encoder alone, without decoder or classifier.</summary>
    /// <param name="config">What the model is.</param>
    /// <exception cref="InputException">The config contradicts itself; the message names the field.</exception>
    public static long CountEncoderParameters(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        List<TensorSpec> tensors = [];
        AddEncoder(tensors, "", config.Encoder);
        return CountParameters(tensors, "");
    }

    internal static long CountParameters(IEnumerable<TensorSpec> tensors, string prefix) => tensors
        .Where(tensor => tensor.Kind == TensorKind.Parameter && tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(tensor => tensor.Shape.Aggregate(1L, (product, side) => checked(product * side)));

    private static void AddEncoder(List<TensorSpec> tensors, string prefix, EncoderConfig encoder)
    {
        switch (encoder)
        {
            case MscanConfig mscan:
                AddMscan(tensors, prefix, mscan);
                break;
            case MixTransformerConfig mit:
                AddMixTransformer(tensors, prefix, mit);
                break;
            default:
                throw new ArgumentException($"No layout is known for {encoder.Family}.", nameof(encoder));
        }
    }

    private static void AddMscan(List<TensorSpec> tensors, string prefix, MscanConfig encoder)
    {
        int input = 3;
        for (int stage = 0; stage < encoder.EmbedDims.Length; stage++)
        {
            int dim = encoder.EmbedDims[stage];
            string embed = $"{prefix}patch_embed{stage + 1}";
            if (stage == 0)
            {
                // The stem is an nn.Sequential: 0 convolution, 1 norm, 2 GELU, 3 convolution, 4 norm.
                AddConv(tensors, $"{embed}.proj.0", dim / 2, input, 3, 3);
                AddBatchNorm(tensors, $"{embed}.proj.1", dim / 2);
                AddConv(tensors, $"{embed}.proj.3", dim, dim / 2, 3, 3);
                AddBatchNorm(tensors, $"{embed}.proj.4", dim);
            }
            else
            {
                AddConv(tensors, $"{embed}.proj", dim, input, 3, 3);
                AddBatchNorm(tensors, $"{embed}.norm", dim);
            }

            for (int block = 0; block < encoder.Depths[stage]; block++)
            {
                AddBlock(tensors, $"{prefix}block{stage + 1}.{block}", encoder, dim, dim * encoder.MlpRatios[stage]);
            }

            AddAffine(tensors, $"{prefix}norm{stage + 1}", dim);
            input = dim;
        }
    }

    private static void AddBlock(List<TensorSpec> tensors, string name, MscanConfig encoder, int dim, int hidden)
    {
        AddParameter(tensors, $"{name}.layer_scale_1", dim);
        AddParameter(tensors, $"{name}.layer_scale_2", dim);
        AddBatchNorm(tensors, $"{name}.norm1", dim);
        AddSpatialAttention(tensors, $"{name}.attn", encoder, dim);
        AddBatchNorm(tensors, $"{name}.norm2", dim);
        AddConv(tensors, $"{name}.mlp.fc1", hidden, dim, 1, 1);
        AddConv(tensors, $"{name}.mlp.dwconv.dwconv", hidden, 1, 3, 3);
        AddConv(tensors, $"{name}.mlp.fc2", dim, hidden, 1, 1);
    }

    /// <summary>The attention half of a block; of the encoder's configuration the kind of attention alone matters.</summary>
    private static void AddSpatialAttention(List<TensorSpec> tensors, string name, MscanConfig encoder, int dim)
    {
        AddConv(tensors, $"{name}.proj_1", dim, dim, 1, 1);
        string gate = $"{name}.spatial_gating_unit";
        AddConv(tensors, $"{gate}.conv0", dim, 1, 5, 5);
        if (encoder.Attention == MscanConfig.LargeKernel)
        {
            // LKA of the released van.py.
            AddConv(tensors, $"{gate}.conv_spatial", dim, 1, 7, 7);
            AddConv(tensors, $"{gate}.conv1", dim, dim, 1, 1);
        }
        else
        {
            for (int i = 0; i < MscanConfig.AllBranches.Count; i++)
            {
                int side = MscanConfig.AllBranches[i];
                if (encoder.Branches.Contains(side))
                {
                    AddConv(tensors, $"{gate}.conv{i}_1", dim, 1, 1, side);
                    AddConv(tensors, $"{gate}.conv{i}_2", dim, 1, side, 1);
                }
            }

            if (encoder.ChannelMixing)
            {
                AddConv(tensors, $"{gate}.conv3", dim, dim, 1, 1);
            }
        }

        AddConv(tensors, $"{name}.proj_2", dim, dim, 1, 1);
    }

    private static void AddConv(List<TensorSpec> tensors, string name, int output, int inputPerGroup, int height, int width, bool bias = true)
    {
        AddParameter(tensors, $"{name}.weight", output, inputPerGroup, height, width);
        if (bias)
        {
            AddParameter(tensors, $"{name}.bias", output);
        }
    }

    private static void AddAffine(List<TensorSpec> tensors, string name, int channels)
    {
        AddParameter(tensors, $"{name}.weight", channels);
        AddParameter(tensors, $"{name}.bias", channels);
    }

    private static void AddBatchNorm(List<TensorSpec> tensors, string name, int channels)
    {
        AddAffine(tensors, name, channels);
        tensors.Add(new TensorSpec($"{name}.running_mean", [channels], TensorKind.Buffer, TensorDType.F32));
        tensors.Add(new TensorSpec($"{name}.running_var", [channels], TensorKind.Buffer, TensorDType.F32));
        tensors.Add(new TensorSpec($"{name}.num_batches_tracked", [], TensorKind.Buffer, TensorDType.I64));
    }

    private static void AddParameter(List<TensorSpec> tensors, string name, params long[] shape) =>
        tensors.Add(new TensorSpec(name, shape, TensorKind.Parameter, TensorDType.F32));
}
