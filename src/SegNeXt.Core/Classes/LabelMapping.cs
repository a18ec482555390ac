using System.Buffers;

namespace SegNeXt.Core;

/// <summary>
/// How the values that a data set's label files hold become class ids: a table of 256 entries, and which values may occur
/// at all. Immutable; the known ones are in <see cref="LabelMappings"/>.
/// </summary>
public sealed class LabelMapping
{
    private const int Values = 256;
    private readonly byte[] _ids;
    private readonly SearchValues<byte> _allowed;
    private readonly bool _changes;

    /// <summary>Creates a mapping.</summary>
    /// <param name="ids">The id of each value 0 to 255, 255 for ignored, or null where the value must not occur; 256 entries.</param>
    /// <param name="expected">The allowed values in words, as an error message lists them: "0 to 18, or 255 (ignored)".</param>
    /// <param name="colours">The map for files that hold colours, where the data set has such files too; else null.</param>
    /// <exception cref="ArgumentException">There are not 256 entries.</exception>
    public LabelMapping(IReadOnlyList<byte?> ids, string expected, ColourMap? colours = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(expected);
        if (ids.Count != Values)
        {
            throw new ArgumentException($"A table of {Values} entries is needed, not of {ids.Count}.", nameof(ids));
        }

        _ids = [.. ids.Select(id => id ?? LabelMap.Ignore)];
        _allowed = SearchValues.Create([.. Enumerable.Range(0, Values).Where(value => ids[value] is not null).Select(value => (byte)value)]);
        _changes = Enumerable.Range(0, Values).Any(value => ids[value] is { } id && id != value);
        Expected = expected;
        Colours = colours;
    }

    /// <summary>The allowed values in words.</summary>
    public string Expected { get; }

    /// <summary>The map for label files that hold colours in place of ids; null where those are a fault.</summary>
    public ColourMap? Colours { get; }

    /// <summary>The class id that a value stands for: 255 for ignored, and also where the value must not occur.</summary>
    /// <param name="value">The value in the file.</param>
    public byte this[byte value] => _ids[value];

    /// <summary>Ids as they are: 0 to K − 1, and 255.</summary>
    /// <param name="classes">Number of classes K, 1 to 255.</param>
    public static LabelMapping Ids(int classes) => Create(classes, 0, $"{classes} classes (0 to {classes - 1}, 255 = ignored)");

    /// <summary>
    /// Ids that count from 1: 0 becomes 255, every other value is lowered by one, 255 stays, as <c>reduce_zero_label</c> of
    /// the released code does it.
    /// </summary>
    /// <param name="classes">Number of classes K, 1 to 254.</param>
    public static LabelMapping ReduceZero(int classes) => Create(classes, 1, $"{classes} classes (1 to {classes}, 0 and 255 = ignored)");

    /// <summary>Whether a value may occur.</summary>
    /// <param name="value">The value in the file.</param>
    public bool Allows(byte value) => _allowed.Contains(value);

    /// <summary>Replaces each value by its class id.</summary>
    /// <param name="label">The values of a file; afterwards the ids.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="InputException">A value must not occur: names the file, the first such pixel, its value and those allowed.</exception>
    public void Apply(LabelMap label, string path)
    {
        ArgumentNullException.ThrowIfNull(label);
        int at = label.Ids.AsSpan().IndexOfAnyExcept(_allowed);
        if (at >= 0)
        {
            throw new InputException(
                $"{path}: pixel ({at % label.Width}, {at / label.Width}) has the value {label.Ids[at]}, but there are {Expected}.");
        }

        if (_changes)
        {
            byte[] ids = label.Ids;
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = _ids[ids[i]];
            }
        }
    }

    private static LabelMapping Create(int classes, int first, string expected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, ClassSet.MaxClasses - first);
        byte?[] ids = new byte?[Values];
        for (int id = 0; id < classes; id++)
        {
            ids[first + id] = (byte)id;
        }

        if (first > 0)
        {
            ids[0] = LabelMap.Ignore;
        }

        ids[LabelMap.Ignore] = LabelMap.Ignore;
        return new LabelMapping(ids, expected);
    }
}
