using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Reads the JSON files of a run without trusting them: a value of another kind than expected counts as absent.</summary>
internal static class JsonFile
{
    /// <summary>The file's object, or null where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is there and is no JSON object.</exception>
    public static JsonElement? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InputException($"{path}: is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path}: is not JSON (line {exception.LineNumber + 1}).", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(path, exception);
        }
    }

    /// <summary>A number, or NaN.</summary>
    public static double Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Number(value) : double.NaN;

    /// <summary>A number, or NaN.</summary>
    public static double Number(this JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;

    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The items of a list, or none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Items(value) : [];

    /// <summary>The items of a list, or none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
