using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>Writes a <see cref="ModelConfigDocument"/> on one line; fields that are null are left out.</summary>
internal static class ModelConfigWriter
{
    /// <summary>The document as JSON.</summary>
    public static string Write(ModelConfigDocument document)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            Text(json, "name", document.Name);
            if (document.Encoder is { } encoder)
            {
                json.WriteStartObject("encoder");
                Encoder(json, encoder);
                json.WriteEndObject();
            }

            if (document.Decoder is { } decoder)
            {
                json.WriteStartObject("decoder");
                Decoder(json, decoder);
                json.WriteEndObject();
            }

            Whole(json, "num_classes", document.NumClasses);
            Texts(json, "class_names", document.ClassNames);
            Texts(json, "palette", document.Palette);
            Numbers(json, "mean", document.Mean);
            Numbers(json, "std", document.Std);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Encoder(Utf8JsonWriter json, ModelConfigDocument.EncoderDocument encoder)
    {
        Text(json, "type", encoder.Type);
        Wholes(json, "embed_dims", encoder.EmbedDims);
        Wholes(json, "depths", encoder.Depths);
        Wholes(json, "mlp_ratios", encoder.MlpRatios);
        Number(json, "drop_path_rate", encoder.DropPathRate);
        Wholes(json, "num_heads", encoder.NumHeads);
        Wholes(json, "sr_ratios", encoder.SrRatios);
        Text(json, "attention", encoder.Attention);
        Wholes(json, "branches", encoder.Branches);
        Truth(json, "channel_mixing", encoder.ChannelMixing);
        Truth(json, "gating", encoder.Gating);
    }

    private static void Decoder(Utf8JsonWriter json, ModelConfigDocument.DecoderDocument decoder)
    {
        Text(json, "type", decoder.Type);
        Whole(json, "channels", decoder.Channels);
        Whole(json, "ham_channels", decoder.HamChannels);
        Whole(json, "nmf_rank", decoder.NmfRank);
        Whole(json, "nmf_train_steps", decoder.NmfTrainSteps);
        Whole(json, "nmf_eval_steps", decoder.NmfEvalSteps);
        Whole(json, "group_norm_groups", decoder.GroupNormGroups);
        Number(json, "dropout", decoder.Dropout);
        Wholes(json, "input_stages", decoder.InputStages);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Whole(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Truth(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } truth)
        {
            json.WriteBoolean(name, truth);
        }
    }

    private static void Wholes(Utf8JsonWriter json, string name, int[]? values) => List(json, name, values, static (json, value) => json.WriteNumberValue(value));

    private static void Numbers(Utf8JsonWriter json, string name, double[]? values) => List(json, name, values, static (json, value) => json.WriteNumberValue(value));

    private static void Texts(Utf8JsonWriter json, string name, string[]? values) => List(json, name, values, static (json, value) => json.WriteStringValue(value));

    private static void List<T>(Utf8JsonWriter json, string name, T[]? values, Action<Utf8JsonWriter, T> write)
    {
        if (values is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (T value in values)
        {
            write(json, value);
        }

        json.WriteEndArray();
    }
}
