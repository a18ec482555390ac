namespace SegNeXt.Core;

/// <summary>An encoder's part of a model's JSON. <c>type</c> says which family; without it the encoder is MSCAN.</summary>
internal static class EncoderJson
{
    private const string MixTransformer = "mit";

    public static ModelConfigDocument.EncoderDocument ToDocument(EncoderConfig encoder)
    {
        ModelConfigDocument.EncoderDocument document = new()
        {
            EmbedDims = encoder.EmbedDims,
            Depths = encoder.Depths,
            MlpRatios = encoder.MlpRatios,
            DropPathRate = encoder.DropPathRate,
        };
        if (encoder is MixTransformerConfig mit)
        {
            document.Type = MixTransformer;
            document.NumHeads = mit.NumHeads;
            document.SrRatios = mit.SrRatios;
        }
        else if (encoder is MscanConfig mscan)
        {
            // What is the paper's is left out, as it was before there was anything else.
            document.Attention = mscan.Attention == MscanConfig.Msca ? null : mscan.Attention;
            document.Branches = mscan.Branches.Length == MscanConfig.AllBranches.Count ? null : mscan.Branches;
            document.ChannelMixing = mscan.ChannelMixing ? null : false;
            document.Gating = mscan.Gating ? null : false;
        }

        return document;
    }

    /// <exception cref="InputException">A field is missing, or belongs to another family.</exception>
    public static EncoderConfig ToConfig(ModelConfigDocument.EncoderDocument document, string where)
    {
        int[] dims = document.EmbedDims ?? throw Missing("embed_dims");
        int[] depths = document.Depths ?? throw Missing("depths");
        EncoderConfig encoder;
        if (document.Type is null)
        {
            Refuse("num_heads", document.NumHeads);
            Refuse("sr_ratios", document.SrRatios);
            MscanConfig mscan = new() { EmbedDims = dims, Depths = depths };
            encoder = mscan with
            {
                Attention = document.Attention ?? mscan.Attention,
                Branches = document.Branches ?? mscan.Branches,
                ChannelMixing = document.ChannelMixing ?? mscan.ChannelMixing,
                Gating = document.Gating ?? mscan.Gating,
            };
        }
        else if (document.Type == MixTransformer)
        {
            MixTransformerConfig mit = new() { EmbedDims = dims, Depths = depths };
            encoder = mit with { NumHeads = document.NumHeads ?? mit.NumHeads, SrRatios = document.SrRatios ?? mit.SrRatios };
        }
        else
        {
            throw new InputException($"{where}: model config: there is no encoder of type {MessageText.Quote(document.Type)}; the type is '{MixTransformer}', or absent for MSCAN.");
        }

        return encoder with
        {
            MlpRatios = document.MlpRatios ?? encoder.MlpRatios,
            DropPathRate = document.DropPathRate ?? encoder.DropPathRate,
        };

        InputException Missing(string field) => new($"{where}: model config: the field encoder.{field} is missing.");

        void Refuse(string field, int[]? value)
        {
            if (value is not null)
            {
                throw new InputException($"{where}: model config: the field encoder.{field} belongs to an encoder of type '{MixTransformer}'.");
            }
        }
    }
}
