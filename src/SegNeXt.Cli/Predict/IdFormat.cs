using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>How class ids are written into a PNG file.</summary>
internal abstract class IdFormat
{
    // The id of each of Cityscapes' 19 training classes in its label files and on its test server.
    private static readonly byte[] s_cityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    /// <summary>The formats' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ids", "cityscapes", "voc", "ade"];

    /// <summary>The format of a name, for a model.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="model">The model whose ids are written.</param>
    /// <exception cref="InputException">The format is one of another number of classes.</exception>
    public static IdFormat Create(string name, ModelConfig model)
    {
        int classes = model.NumClasses;
        return name switch
        {
            "cityscapes" => Require(name, 19, classes, new Mapped(s_cityscapesIds)),
            "ade" => Require(name, 150, classes, new Mapped([.. Enumerable.Range(1, 150).Select(id => (byte)id)])),
            "voc" => Require(name, 21, classes, new Coloured(SegmentationClasses.Voc2012.Palette)),
            _ => new Mapped(null),
        };
    }

    /// <summary>Writes a map.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="labels">The model's class ids.</param>
    public abstract void Write(string path, LabelMap labels);

    private static IdFormat Require(string name, int needed, int classes, IdFormat format) => classes == needed
        ? format
        : throw new InputException($"--format {name} is for {needed} classes, and this model has {classes}; use --format ids.");

    /// <summary>Grey values: the ids, or other ids in their place.</summary>
    private sealed class Mapped(byte[]? ids) : IdFormat
    {
        public override void Write(string path, LabelMap labels) => PngWriter.WriteLabel(
            path, ids is null ? labels : new LabelMap(labels.Width, labels.Height, Array.ConvertAll(labels.Ids, id => ids[id])));
    }

    /// <summary>The ids with a palette, so that viewers show colours.</summary>
    private sealed class Coloured(int[] palette) : IdFormat
    {
        public override void Write(string path, LabelMap labels) => PngWriter.WriteLabel(path, labels, palette);
    }
}
