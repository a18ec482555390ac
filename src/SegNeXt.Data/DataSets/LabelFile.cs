using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads a label file into class ids.</summary>
public static class LabelFile
{
    /// <summary>Reads a label file: ids by the mapping's table, colours, where the data set has such files, by its colour map.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="mapping">How its values become class ids.</param>
    /// <returns>Ids <c>[H, W]</c>; each is a class or 255.</returns>
    /// <exception cref="InputException">
    /// The file cannot be read or is damaged, holds colours where ids are meant, or a value or colour that is no class.
    /// </exception>
    public static LabelMap Read(string path, LabelMapping mapping) => Read(path, mapping, static _ => { });

    /// <summary>As <see cref="Read(string, LabelMapping)"/>, with a look at the size before the values are judged.</summary>
    internal static LabelMap Read(string path, LabelMapping mapping, Action<LabelMap> checkSize)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        bool mapped = false;
        LabelMap label = mapping.Colours is { } colours ? ImageFile.ReadLabel(path, colours, out mapped) : ImageFile.ReadLabel(path);
        checkSize(label);
        if (!mapped)
        {
            mapping.Apply(label, path);
        }

        return label;
    }
}
