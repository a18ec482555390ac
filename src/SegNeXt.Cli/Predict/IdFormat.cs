using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>How class ids stand in a PNG file: the model's own, or those of a benchmark and its test server.</summary>
internal sealed class IdFormat
{
    private static readonly IdFormat[] s_all =
    [
        new("ids", null, null, null),

        // The id of each of the 19 training classes in the label files and on the test server; 33 is the highest there.
        new("cityscapes", SegmentationClasses.Cityscapes, [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33], null),
        new("voc", SegmentationClasses.Voc2012, [.. Enumerable.Range(0, 21).Select(id => (byte)id)], VocColourMap.Colours),
        new("ade", SegmentationClasses.Ade20k, [.. Enumerable.Range(1, 150).Select(id => (byte)id)], null),
    ];

    private readonly byte[]? _ids;
    private readonly int[]? _palette;
    private readonly byte[]? _classOf;

    private IdFormat(string name, ClassSet? classes, byte[]? ids, int[]? palette)
    {
        (Name, Classes, _ids, _palette) = (name, classes, ids, palette);
        if (ids is not null)
        {
            // What is no class is ignored in labels, and wrong in predictions; either way it is 255.
            _classOf = new byte[256];
            Array.Fill(_classOf, LabelMap.Ignore);
            for (int id = 0; id < ids.Length; id++)
            {
                _classOf[ids[id]] = (byte)id;
            }
        }
    }

    /// <summary>The formats' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(format => format.Name)];

    /// <summary>The format's name.</summary>
    public string Name { get; }

    /// <summary>The benchmark's classes; null for the model's own ids.</summary>
    public ClassSet? Classes { get; }

    /// <summary>The format of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static IdFormat Get(string name) => s_all.First(format => format.Name == name);

    /// <summary>The format of a name, for a model.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="model">The model whose ids are written.</param>
    /// <exception cref="InputException">The format is one of another number of classes.</exception>
    public static IdFormat Create(string name, ModelConfig model)
    {
        IdFormat format = Get(name);
        return format.Classes is null || format.Classes.Count == model.NumClasses
            ? format
            : throw new InputException($"--format {name} is for {format.Classes.Count} classes, and this model has {model.NumClasses}; use --format ids.");
    }

    /// <summary>Begins to write a map row by row; each row first goes through <see cref="Translate"/>.</summary>
    /// <param name="target">Takes the PNG file's bytes.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public PngRowWriter Begin(Stream target, int width, int height) => PngRowWriter.ForIds(target, width, height, _palette);

    /// <summary>Replaces the model's ids by those of the format.</summary>
    /// <param name="ids">The model's ids; changed.</param>
    public void Translate(Span<byte> ids)
    {
        for (int i = 0; _ids is not null && i < ids.Length; i++)
        {
            ids[i] = _ids[ids[i]];
        }
    }

    /// <summary>Writes a map: 8-bit grey, or VOC's palette.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="labels">Class ids of the model.</param>
    public void Write(string path, LabelMap labels) => PngWriter.WriteLabel(
        path, _ids is null ? labels : new LabelMap(labels.Width, labels.Height, Array.ConvertAll(labels.Ids, id => _ids[id])), _palette);

    /// <summary>Reads a prediction; what is no class comes out as 255.</summary>
    /// <param name="path">The PNG file.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public LabelMap ReadPrediction(string path) => ToClasses(ImageFile.ReadLabel(path));

    /// <summary>Reads a label; what does not count comes out as 255.</summary>
    /// <param name="path">The PNG file.</param>
    /// <exception cref="InputException">The file cannot be read, or holds an id that the benchmark does not have.</exception>
    public LabelMap ReadLabel(string path)
    {
        LabelMap label = ImageFile.ReadLabel(path);
        if (_ids is not null)
        {
            int highest = _ids.Max();
            int at = label.Ids.AsSpan().IndexOfAnyInRange((byte)(highest + 1), (byte)(LabelMap.Ignore - 1));
            if (at >= 0)
            {
                throw new InputException($"{path} holds the id {label.Ids[at]}, but those of {Name} labels end at {highest}.");
            }
        }

        return ToClasses(label);
    }

    /// <summary>What a prediction and its label have in common in their names, without suffix; null for a file that is neither.</summary>
    /// <param name="stem">The file's name without suffix.</param>
    public string? PairName(string stem)
    {
        if (Name != "cityscapes")
        {
            return stem;
        }

        const string Picture = "_leftImg8bit", AnyLabel = "_gtFine_", Label = "_gtFine_labelIds";
        return stem.EndsWith(Picture, StringComparison.Ordinal) ? stem[..^Picture.Length]
            : stem.EndsWith(Label, StringComparison.Ordinal) ? stem[..^Label.Length]
            : stem.Contains(AnyLabel, StringComparison.Ordinal) ? null : stem;
    }

    private LabelMap ToClasses(LabelMap map) =>
        _classOf is null ? map : new LabelMap(map.Width, map.Height, Array.ConvertAll(map.Ids, id => _classOf[id]));
}
