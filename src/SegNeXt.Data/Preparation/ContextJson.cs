using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>One picture's annotations in <c>trainval_merged.json</c>.</summary>
/// <param name="Name">Its name without extension.</param>
/// <param name="Phase"><c>train</c> or <c>val</c>.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Masks">Masks of classes (ids of the 459), later ones over earlier ones.</param>
internal sealed record ContextPicture(string Name, string Phase, int Width, int Height, List<(int Category, MaskRuns Runs)> Masks)
{
    /// <summary>The picture's labels: 0 for background, 1 to 59 for the classes.</summary>
    /// <exception cref="InputException">A mask is damaged or of another size.</exception>
    public LabelMap ToLabel(string path)
    {
        LabelMap label = new(Width, Height);
        foreach ((int category, MaskRuns runs) in Masks)
        {
            runs.Paint(label, LabelMappings.PascalContextValue(category), $"{path}: {Name}");
        }

        return label;
    }
}

/// <summary>
/// Reads <c>trainval_merged.json</c> of PASCAL in Detail: <c>images</c> with <c>image_id</c>, <c>file_name</c>, <c>phase</c>, <c>width</c>,
/// <c>height</c>, and <c>annos_segmentation</c> with <c>image_id</c>, <c>category_id</c> and <c>segmentation</c> (COCO's run lengths).
/// </summary>
internal static class ContextJson
{
    /// <summary>The pictures of both phases, in the file's order.</summary>
    /// <exception cref="InputException">The file cannot be read, is no such JSON, or an entry lacks a field.</exception>
    public static IReadOnlyList<ContextPicture> Read(string path)
    {
        Dictionary<long, ContextPicture> pictures = [];
        List<(long Image, int Category, MaskRuns Runs)> masks = [];
        JsonArrays.Read(path, new Dictionary<string, Action<JsonElement>>(StringComparer.Ordinal)
        {
            ["images"] = item => AddPicture(path, item, pictures),
            ["annos_segmentation"] = item => masks.Add((
                Integer(path, item, "image_id"),
                (int)Math.Clamp(Integer(path, item, "category_id"), int.MinValue, int.MaxValue),
                MaskRuns.Parse(Property(path, item, "segmentation", JsonValueKind.Object), $"{path}: the segmentation of an annotation"))),
        });
        foreach ((long image, int category, MaskRuns runs) in masks)
        {
            // Of pictures of a test phase there is nothing to make.
            if (pictures.TryGetValue(image, out ContextPicture? picture))
            {
                picture.Masks.Add((category, runs));
            }
        }

        ContextPicture[] found = [.. pictures.Values.Where(picture => picture.Phase is "train" or "val")];
        return found.Length > 0 && masks.Count > 0
            ? found
            : throw new InputException($"{path}: holds no pictures with segmentation for training or validation; expected trainval_merged.json of the Detail API.");
    }

    private static void AddPicture(string path, JsonElement item, Dictionary<long, ContextPicture> pictures)
    {
        string file = Property(path, item, "file_name", JsonValueKind.String).GetString()!;
        string name = Path.GetFileNameWithoutExtension(file);
        long width = Integer(path, item, "width");
        long height = Integer(path, item, "height");
        if (name.Length == 0 || Path.GetFileName(file) != file || width is < 1 or > 65535 || height is < 1 or > 65535)
        {
            throw new InputException($"{path}: the picture '{file}' of {width}×{height} pixels cannot be.");
        }

        string phase = Property(path, item, "phase", JsonValueKind.String).GetString()!;
        pictures[Integer(path, item, "image_id")] = new ContextPicture(name, phase, (int)width, (int)height, []);
    }

    private static long Integer(string path, JsonElement item, string name) =>
        Property(path, item, name, JsonValueKind.Number).TryGetInt64(out long value)
            ? value
            : throw new InputException($"{path}: {name} of an entry is no whole number.");

    private static JsonElement Property(string path, JsonElement item, string name, JsonValueKind kind) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind
            ? value
            : throw new InputException($"{path}: an entry has no {name}; expected trainval_merged.json of the Detail API.");
}
