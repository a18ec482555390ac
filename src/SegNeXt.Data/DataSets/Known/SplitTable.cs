using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>The labelled splits of a benchmark and what they are called on disk.</summary>
/// <param name="Title">The benchmark's name in messages.</param>
/// <param name="Splits">A split and the name of its folder or list.</param>
internal sealed record SplitTable(string Title, params (string Name, string OnDisk)[] Splits)
{
    /// <summary>What a split is called on disk; that name is understood too.</summary>
    /// <exception cref="InputException">There is no such split, or its labels are not public.</exception>
    public string Find(string root, string split)
    {
        ArgumentNullException.ThrowIfNull(split);
        foreach ((string name, string onDisk) in Splits)
        {
            if (split == name || split == onDisk)
            {
                return onDisk;
            }
        }

        string names = string.Join(", ", Splits.Select(s => s.Name));
        throw new InputException(split is "test" or "testing" or "test2017"
            ? $"{root}: the labels of {Title}'s split '{split}' are not public, so it can only be predicted; the splits with labels are {names}."
            : $"{root}: {Title} has no split '{split}'; it has {names}.");
    }
}
