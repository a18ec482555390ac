using System.Globalization;

namespace SegNeXt.Core;

/// <summary>
/// One of several equal shares of a list: the items <see cref="Index"/>, <see cref="Index"/> + <see cref="Count"/>,
/// <see cref="Index"/> + 2 <see cref="Count"/>, … so that neighbours, which are often alike in size, go to different
/// shares. The shares of one list are disjoint, together they are the list, and their lengths differ by one at most.
/// </summary>
/// <param name="Index">Which share, 0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">How many shares there are, at least 1.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>Reads a share as <c>i/n</c>, which counts from 0: <c>0/4</c>, <c>1/4</c>, <c>2/4</c>, <c>3/4</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shard">The share.</param>
    /// <returns>False where the text is no such share.</returns>
    public static bool TryParse(string text, out Shard shard)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        int index = 0, count = 0;
        bool read = parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && index < count;
        shard = read ? new Shard(index, count) : default;
        return read;
    }

    /// <summary>How many items of a list are in the share.</summary>
    /// <param name="length">The list's length.</param>
    public int LengthOf(int length) => length > Index ? ((length - Index - 1) / Count) + 1 : 0;

    /// <summary>Where an item of the share is in the list.</summary>
    /// <param name="item">Its place in the share, from 0.</param>
    public int IndexOf(int item) => checked((item * Count) + Index);

    /// <summary>Whether an item of the list is in the share.</summary>
    /// <param name="index">Its place in the list, from 0.</param>
    public bool Holds(int index) => index % Count == Index;

    /// <summary>The share's items, in the list's order.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="list">All items.</param>
    /// <param name="offset">How many items of other lists, shared together with these, come before them.</param>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> list, int offset = 0)
    {
        Shard share = this;
        return [.. list.Where((_, index) => share.Holds(index + offset))];
    }

    /// <summary>The share as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
