using System.Diagnostics.CodeAnalysis;

namespace SegNeXt.Core;

/// <summary>
/// A Python dict as a checkpoint holds it: entries in their order, keys of plain types. Values are null, bool, long,
/// BigInteger, double, string, byte[], a list (<c>List&lt;object?&gt;</c>, also for a set), a tuple
/// (<c>object?[]</c>), another <see cref="PickleDict"/>, a <see cref="PickledTensor"/> or a <see cref="TensorDType"/>.
/// </summary>
public sealed class PickleDict
{
    private readonly List<KeyValuePair<object?, object?>> _entries = [];
    private Dictionary<PickleKey, int>? _index;

    /// <summary>Keys and values, in the order in which they were set.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    /// <summary>Attributes that the object carries besides its entries, such as a state dict's <c>_metadata</c>.</summary>
    public PickleDict? Attributes { get; internal set; }

    /// <summary>Whether Python sees the entries as attributes (<c>argparse.Namespace</c>).</summary>
    internal bool IsNamespace { get; init; }

    /// <summary>The value under a key.</summary>
    /// <param name="key">The key: a string, a long, …</param>
    /// <param name="value">The value, which may be null.</param>
    /// <returns>Whether there is such a key.</returns>
    public bool TryGetValue(object? key, [MaybeNullWhen(false)] out object? value)
    {
        if (_index is not null && PickleKey.TryCreate(key, out PickleKey wrapped) && _index.TryGetValue(wrapped, out int position))
        {
            value = _entries[position].Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>The value under a key if it is of that type, else null.</summary>
    /// <typeparam name="T">The type of value.</typeparam>
    /// <param name="key">The key.</param>
    public T? Get<T>(string key)
        where T : class => TryGetValue(key, out object? value) ? value as T : null;

    /// <summary>Sets a value as Python does: an old key keeps its place.</summary>
    internal void Set(PickleKey key, object? value)
    {
        _index ??= [];
        if (_index.TryGetValue(key, out int position))
        {
            _entries[position] = new(key.Value, value);
        }
        else
        {
            _index.Add(key, _entries.Count);
            _entries.Add(new(key.Value, value));
        }
    }
}
