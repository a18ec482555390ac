using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Which value or colour of a label becomes which id.</summary>
public sealed class RelabelMap
{
    private readonly byte[] _values = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
    private readonly Dictionary<int, byte> _colours = [];

    private RelabelMap()
    {
    }

    /// <summary>
    /// Reads a map: <c>from:to</c> separated by commas. From is a value, a range <c>1-5</c> (raised or lowered as a whole, or all
    /// to 255), or a colour <c>#RRGGBB</c>; to is an id or 255. In place of colours the name of a known class set, or
    /// <c>classes</c> for the colours in the data set's classes.txt; <c>same</c> changes nothing. Values that are not named stay.
    /// </summary>
    /// <param name="text">The map.</param>
    /// <param name="root">The data set's folder, for <c>classes</c>.</param>
    /// <exception cref="InputException">A part cannot be understood.</exception>
    public static RelabelMap Parse(string text, string root)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(root);
        RelabelMap map = new();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] sides = part.Split(':', StringSplitOptions.TrimEntries);
            if (sides is ["same"])
            {
                continue;
            }

            if (sides is [string name])
            {
                map.AddColours(name == "classes" ? ClassSet.FromFile(Path.Combine(root, "classes.txt")) : Known(name));
            }
            else if (sides is not [string from, string to] || !byte.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out byte id) || !map.Add(from, id))
            {
                throw new InputException($"--relabel: '{part}' is not understood; expected parts such as 255:1, 1-5:0, #FF0000:2, classes or {SegmentationClasses.CamVid.Name}.");
            }
        }

        return map;
    }

    /// <summary>The id that a value becomes.</summary>
    public byte this[byte value] => _values[value];

    /// <summary>Makes ids of a picture's colours; a grey picture's values are taken as values.</summary>
    /// <param name="image">The label as colours.</param>
    /// <param name="path">Its file, for errors.</param>
    /// <exception cref="InputException">A colour that the map does not name.</exception>
    public LabelMap Apply(RgbImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(image);
        LabelMap label = new(image.Width, image.Height);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            ReadOnlySpan<byte> pixel = image.Pixels.AsSpan(3 * i, 3);
            int colour = (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
            label.Ids[i] = _colours.TryGetValue(colour, out byte id) ? id
                : _colours.Count == 0 && pixel[0] == pixel[1] && pixel[1] == pixel[2] ? _values[pixel[0]]
                : throw new InputException($"{path}: pixel ({i % label.Width}, {i / label.Width}) has the colour {Say.Colour(colour)}, which the map does not name; add it, such as {Say.Colour(colour)}:255.");
        }

        return label;
    }

    /// <summary>Changes a label's values.</summary>
    /// <param name="label">The label.</param>
    public LabelMap Apply(LabelMap label)
    {
        ArgumentNullException.ThrowIfNull(label);
        LabelMap result = new(label.Width, label.Height);
        for (int i = 0; i < result.Ids.Length; i++)
        {
            result.Ids[i] = _values[label.Ids[i]];
        }

        return result;
    }

    private static ClassSet Known(string name) => SegmentationClasses.Find(name)
        ?? throw new InputException($"--relabel: there is no class set '{name}'; there are {string.Join(", ", SegmentationClasses.All.Select(set => set.Name))}, and classes for the colours in classes.txt.");

    private void AddColours(ClassSet classes)
    {
        for (int id = 0; id < classes.Count; id++)
        {
            _colours.TryAdd(classes.Palette[id], (byte)id);
        }
    }

    private bool Add(string from, byte to)
    {
        if (from.StartsWith('#'))
        {
            bool isColour = int.TryParse(from.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int colour) && from.Length == 7;
            _colours[colour] = to;
            return isColour;
        }

        string[] ends = from.Split('-');
        if (!byte.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out byte first)
            || !byte.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out byte last)
            || ends.Length > 2 || last < first || (to != LabelMap.Ignore && to + last - first > byte.MaxValue))
        {
            return false;
        }

        for (int value = first; value <= last; value++)
        {
            _values[value] = (byte)(to == LabelMap.Ignore ? to : to + value - first);
        }

        return true;
    }
}
