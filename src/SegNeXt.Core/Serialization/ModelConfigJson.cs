using System.Text.Json;

namespace SegNeXt.Core;

/// <summary>
/// A model's config as JSON, as it stands in the metadata of a model file under <see cref="MetadataKey"/>: the
/// properties of <see cref="ModelConfig"/> in snake_case, colours as <c>#rrggbb</c>.
/// </summary>
public static class ModelConfigJson
{
    /// <summary>Key of the config in a safetensors file's metadata.</summary>
    public const string MetadataKey = "segnext.config";

    /// <summary>Writes a config on one line; fields that are null are left out.</summary>
    /// <param name="config">The config.</param>
    /// <exception cref="InputException">The config contradicts itself.</exception>
    public static string Serialize(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        ModelConfigDocument document = new()
        {
            Name = config.Name,
            Encoder = EncoderJson.ToDocument(config.Encoder),
            Decoder = config.Decoder is { } decoder ? DecoderJson.ToDocument(decoder) : null,
            NumClasses = config.NumClasses,
            ClassNames = config.ClassNames,
            Palette = config.Palette is { } palette ? Array.ConvertAll(palette, colour => $"#{colour & 0xffffff:x6}") : null,
            Mean = config.Mean,
            Std = config.Std,
        };
        return ModelConfigWriter.Write(document);
    }

    /// <summary>The metadata of a model file: its config, and <c>format</c> = <c>pt</c> as PyTorch's tools expect.</summary>
    /// <param name="config">The config.</param>
    /// <exception cref="InputException">The config contradicts itself.</exception>
    public static Dictionary<string, string> Metadata(ModelConfig config) =>
        new(StringComparer.Ordinal) { ["format"] = "pt", [MetadataKey] = Serialize(config) };

    /// <summary>Reads a config and checks every field.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="where">Where it comes from, to begin messages with: a file's name.</param>
    /// <exception cref="InputException">A field is unknown, missing, of the wrong type or out of range; the message names it.</exception>
    public static ModelConfig Deserialize(string json, string where)
    {
        ArgumentNullException.ThrowIfNull(json);
        ModelConfigDocument document;
        try
        {
            using JsonDocument tree = JsonDocument.Parse(json);
            document = new ModelConfigReader(where).Read(tree.RootElement);
        }
        catch (JsonException error)
        {
            throw new InputException($"{where}: model config: not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).", error);
        }
        catch (InvalidOperationException error)
        {
            // A field's name with half a surrogate pair.
            throw new InputException($"{where}: model config: a text in it is not valid Unicode.", error);
        }

        ModelConfig config = ToConfig(document, where);
        ModelConfigLimits.Check(config, where);
        return config;
    }

    private static ModelConfig ToConfig(ModelConfigDocument document, string where)
    {
        ModelConfig config = new()
        {
            Encoder = EncoderJson.ToConfig(document.Encoder ?? throw Missing("encoder"), where),
            NumClasses = document.NumClasses ?? throw Missing("num_classes"),
        };
        return config with
        {
            Name = document.Name ?? config.Name,
            Decoder = document.Decoder is { } decoder ? DecoderJson.ToConfig(decoder, where) : null,
            ClassNames = document.ClassNames,
            Palette = document.Palette is { } palette ? Array.ConvertAll(palette, colour => ToColour(colour, where)) : null,
            Mean = document.Mean ?? config.Mean,
            Std = document.Std ?? config.Std,
        };

        InputException Missing(string field) => new($"{where}: model config: the field {field} is missing.");
    }

    private static int ToColour(string? text, string where) =>
        text is ['#', ..] && text.Length == 7 && int.TryParse(text.AsSpan(1), System.Globalization.NumberStyles.AllowHexSpecifier, null, out int colour)
            ? colour
            : throw new InputException($"{where}: model config: palette holds {MessageText.Quote(text ?? "null")}, but a colour is '#rrggbb'.");
}
