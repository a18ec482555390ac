using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>
/// Reads a <see cref="ModelConfigDocument"/> field by field. By hand: the serialiser's code for a few fields is compiled at
/// the start of every program that opens a model, and took a tenth of that start.
/// </summary>
/// <param name="where">Where the JSON comes from, to begin messages with.</param>
internal sealed class ModelConfigReader(string where)
{
    /// <summary>Takes a field's value over; false where there is no such field.</summary>
    private delegate bool Setter(string name, JsonElement value, string path);

    /// <summary>Reads the whole.</summary>
    /// <param name="root">The JSON's root.</param>
    /// <exception cref="InputException">A field is unknown, given twice or of the wrong type; the message names it.</exception>
    /// <exception cref="InvalidOperationException">A field's name is not valid Unicode.</exception>
    public ModelConfigDocument Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InputException($"{where}: model config: an object was expected.");
        }

        ModelConfigDocument document = new();
        ReadFields(root, "", (name, value, path) =>
        {
            switch (name)
            {
                case "name": document.Name = Text(value, path); break;
                case "encoder": document.Encoder = Encoder(value, path); break;
                case "decoder": document.Decoder = Decoder(value, path); break;
                case "num_classes": document.NumClasses = Whole(value, path); break;
                case "class_names": document.ClassNames = Texts(value, path); break;
                case "palette": document.Palette = Texts(value, path); break;
                case "mean": document.Mean = List(value, path, Number); break;
                case "std": document.Std = List(value, path, Number); break;
                default: return false;
            }

            return true;
        });
        return document;
    }

    private ModelConfigDocument.EncoderDocument? Encoder(JsonElement element, string at)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        ModelConfigDocument.EncoderDocument encoder = new();
        ReadFields(element, at, (name, value, path) =>
        {
            switch (name)
            {
                case "type": encoder.Type = Text(value, path); break;
                case "embed_dims": encoder.EmbedDims = Wholes(value, path); break;
                case "depths": encoder.Depths = Wholes(value, path); break;
                case "mlp_ratios": encoder.MlpRatios = Wholes(value, path); break;
                case "drop_path_rate": encoder.DropPathRate = NumberOrNull(value, path); break;
                case "num_heads": encoder.NumHeads = Wholes(value, path); break;
                case "sr_ratios": encoder.SrRatios = Wholes(value, path); break;
                case "attention": encoder.Attention = Text(value, path); break;
                case "branches": encoder.Branches = Wholes(value, path); break;
                case "channel_mixing": encoder.ChannelMixing = Truth(value, path); break;
                case "gating": encoder.Gating = Truth(value, path); break;
                default: return false;
            }

            return true;
        });
        return encoder;
    }

    private ModelConfigDocument.DecoderDocument? Decoder(JsonElement element, string at)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        ModelConfigDocument.DecoderDocument decoder = new();
        ReadFields(element, at, (name, value, path) =>
        {
            switch (name)
            {
                case "type": decoder.Type = Text(value, path); break;
                case "channels": decoder.Channels = Whole(value, path); break;
                case "ham_channels": decoder.HamChannels = Whole(value, path); break;
                case "nmf_rank": decoder.NmfRank = Whole(value, path); break;
                case "nmf_train_steps": decoder.NmfTrainSteps = Whole(value, path); break;
                case "nmf_eval_steps": decoder.NmfEvalSteps = Whole(value, path); break;
                case "group_norm_groups": decoder.GroupNormGroups = Whole(value, path); break;
                case "dropout": decoder.Dropout = NumberOrNull(value, path); break;
                case "input_stages": decoder.InputStages = Wholes(value, path); break;
                default: return false;
            }

            return true;
        });
        return decoder;
    }

    private void ReadFields(JsonElement element, string at, Setter set)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw WrongType(at);
        }

        List<string> names = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string path = at.Length == 0 ? property.Name : $"{at}.{property.Name}";
            if (names.Contains(property.Name))
            {
                throw new InputException($"{where}: model config: the field {MessageText.Quote(path)} is given twice.");
            }

            names.Add(property.Name);
            if (!set(property.Name, property.Value, path))
            {
                throw new InputException($"{where}: model config: unknown field {MessageText.Quote(path)}.");
            }
        }
    }

    private InputException WrongType(string path) =>
        new($"{where}: model config: the field {MessageText.Quote(path)} is of the wrong type or out of range.");

    private string? Text(JsonElement value, string path)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            throw WrongType(path);
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            throw WrongType(path);
        }
    }

    private int? Whole(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Null ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw WrongType(path);

    private double? NumberOrNull(JsonElement value, string path) => value.ValueKind == JsonValueKind.Null ? null : Number(value, path);

    private double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : throw WrongType(path);

    private bool? Truth(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongType(path),
    };

    // A null among texts is found by whoever checks the list.
    private string[]? Texts(JsonElement value, string path) => List(value, path, (item, itemPath) => Text(item, itemPath)!);

    private int[]? Wholes(JsonElement value, string path) =>
        List(value, path, (item, itemPath) => Whole(item, itemPath) ?? throw WrongType(itemPath));

    private T[]? List<T>(JsonElement value, string path, Func<JsonElement, string, T> read)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw WrongType(path);
        }

        var items = new T[value.GetArrayLength()];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read(value[i], $"{path}[{i}]");
        }

        return items;
    }
}
