namespace SegNeXt.Core;

/// <content>The decoders. Names are those of the methods' released code: mmsegmentation's, and SegFormer's for the all-MLP decoder.</content>
public static partial class ModelLayout
{
    /// <summary>The last layer of a decoder, which gives the scores: its tensors' names up to <c>weight</c> and <c>bias</c>.</summary>
    /// <param name="type">One of <see cref="DecoderTypes.All"/>.</param>
    public static string ClassifierPrefix(string type) => DecoderPrefix + (type == DecoderTypes.Mlp ? "linear_pred." : "conv_seg.");

    private static void AddDecoder(List<TensorSpec> tensors, string prefix, EncoderConfig encoder, DecoderConfig decoder, int classes)
    {
        int input = decoder.InputStages.Sum(stage => encoder.EmbedDims[stage]);
        if (decoder.Type == DecoderTypes.Mlp)
        {
            AddMlpDecoder(tensors, prefix, encoder, decoder, classes);
            return;
        }

        // The base class of the released heads registers the classifier, so it comes first though it is applied last.
        AddConv(tensors, $"{prefix}conv_seg", classes, decoder.Channels, 1, 1);
        switch (decoder.Type)
        {
            case DecoderTypes.Aspp:
                AddConvBatchNorm(tensors, $"{prefix}image_pool.1", decoder.Channels, input, 1);
                IReadOnlyList<int> rates = DecoderTypes.AtrousRates(decoder.InputStages[0]);
                for (int i = 0; i < rates.Count; i++)
                {
                    AddConvBatchNorm(tensors, $"{prefix}aspp_modules.{i}", decoder.Channels, input, i == 0 ? 1 : 3);
                }

                AddConvBatchNorm(tensors, $"{prefix}bottleneck", decoder.Channels, (rates.Count + 1) * decoder.Channels, 3);
                break;
            case DecoderTypes.Psp:
                for (int i = 0; i < DecoderTypes.PyramidBins.Count; i++)
                {
                    AddConvBatchNorm(tensors, $"{prefix}psp_modules.{i}.1", decoder.Channels, input, 1);
                }

                AddConvBatchNorm(tensors, $"{prefix}bottleneck", decoder.Channels, input + (DecoderTypes.PyramidBins.Count * decoder.Channels), 3);
                break;
            case DecoderTypes.DualAttention:
                AddDualAttention(tensors, prefix, decoder.Channels, input);
                break;
            default:
                AddConvGroupNorm(tensors, $"{prefix}squeeze", decoder.HamChannels, input);
                AddContext(tensors, prefix, decoder);
                AddConvGroupNorm(tensors, $"{prefix}align", decoder.Channels, decoder.HamChannels);
                break;
        }
    }

    private static void AddContext(List<TensorSpec> tensors, string prefix, DecoderConfig decoder)
    {
        int dim = decoder.HamChannels;
        switch (decoder.Type)
        {
            case DecoderTypes.Ham:
                AddConv(tensors, $"{prefix}hamburger.ham_in.conv", dim, dim, 1, 1);
                AddConvGroupNorm(tensors, $"{prefix}hamburger.ham_out", dim, dim);
                break;
            case DecoderTypes.Msca:
                AddSpatialAttention(tensors, $"{prefix}attn", MscanConfig.Tiny, dim);
                break;
            case DecoderTypes.CrissCross:
                AddConv(tensors, $"{prefix}cca.query_conv", dim / DecoderTypes.CrissCrossReduction, dim, 1, 1);
                AddConv(tensors, $"{prefix}cca.key_conv", dim / DecoderTypes.CrissCrossReduction, dim, 1, 1);
                AddConv(tensors, $"{prefix}cca.value_conv", dim, dim, 1, 1);
                AddParameter(tensors, $"{prefix}cca.gamma.scale");
                break;
            case DecoderTypes.NonLocal:
                int inner = dim / DecoderTypes.NonLocalReduction;
                AddConv(tensors, $"{prefix}nl_block.g.conv", inner, dim, 1, 1);
                AddConvGroupNorm(tensors, $"{prefix}nl_block.conv_out", dim, inner);
                AddConv(tensors, $"{prefix}nl_block.theta.conv", inner, dim, 1, 1);
                AddConv(tensors, $"{prefix}nl_block.phi.conv", inner, dim, 1, 1);
                break;
            case DecoderTypes.Ema:
                AddBuffer(tensors, $"{prefix}ema_module.bases", 1, dim, DecoderTypes.EmaBases);

                // Not learned: the released code freezes it.
                AddBuffer(tensors, $"{prefix}ema_mid_conv.conv.weight", dim, dim, 1, 1);
                AddBuffer(tensors, $"{prefix}ema_mid_conv.conv.bias", dim);
                AddConvGroupNorm(tensors, $"{prefix}ema_out_conv", dim, dim);
                break;
            default:
                throw new ArgumentException($"No layout is known for the decoder '{decoder.Type}'.", nameof(decoder));
        }
    }

    private static void AddDualAttention(List<TensorSpec> tensors, string prefix, int channels, int input)
    {
        AddConvBatchNorm(tensors, $"{prefix}pam_in_conv", channels, input, 3);
        AddConv(tensors, $"{prefix}pam.key_project", DecoderTypes.PositionChannels, channels, 1, 1);
        AddConv(tensors, $"{prefix}pam.query_project", DecoderTypes.PositionChannels, channels, 1, 1);
        AddConv(tensors, $"{prefix}pam.value_project", channels, channels, 1, 1);
        AddParameter(tensors, $"{prefix}pam.gamma.scale");
        AddConvBatchNorm(tensors, $"{prefix}pam_out_conv", channels, channels, 3);
        AddConvBatchNorm(tensors, $"{prefix}cam_in_conv", channels, input, 3);
        AddParameter(tensors, $"{prefix}cam.gamma.scale");
        AddConvBatchNorm(tensors, $"{prefix}cam_out_conv", channels, channels, 3);
    }

    private static void AddMlpDecoder(List<TensorSpec> tensors, string prefix, EncoderConfig encoder, DecoderConfig decoder, int classes)
    {
        foreach (int stage in decoder.InputStages.Reverse())
        {
            AddParameter(tensors, $"{prefix}linear_c{stage + 1}.proj.weight", decoder.Channels, encoder.EmbedDims[stage]);
            AddParameter(tensors, $"{prefix}linear_c{stage + 1}.proj.bias", decoder.Channels);
        }

        AddConvBatchNorm(tensors, $"{prefix}linear_fuse", decoder.Channels, decoder.InputStages.Length * decoder.Channels, 1);
        AddConv(tensors, $"{prefix}linear_pred", classes, decoder.Channels, 1, 1);
    }

    private static void AddConvGroupNorm(List<TensorSpec> tensors, string name, int output, int input)
    {
        AddConv(tensors, $"{name}.conv", output, input, 1, 1, bias: false);
        AddAffine(tensors, $"{name}.gn", output);
    }

    private static void AddConvBatchNorm(List<TensorSpec> tensors, string name, int output, int input, int side)
    {
        AddConv(tensors, $"{name}.conv", output, input, side, side, bias: false);
        AddBatchNorm(tensors, $"{name}.bn", output);
    }

    private static void AddBuffer(List<TensorSpec> tensors, string name, params long[] shape) =>
        tensors.Add(new TensorSpec(name, shape, TensorKind.Buffer, TensorDType.F32));
}
