namespace SegNeXt.Core;

/// <summary>
/// The persistent id by which a checkpoint's pickle names a storage:
/// <c>('storage', type, key, device, elements)</c>, and in the legacy form a view of it as sixth.
/// </summary>
/// <param name="Key">The storage's name in the file.</param>
/// <param name="DType">Type of its elements.</param>
/// <param name="Elements">Number of elements.</param>
/// <param name="View">For a view: its name, first element and number of elements; else null.</param>
internal sealed record StorageId(string Key, TensorDType DType, long Elements, (string Key, long Offset, long Elements)? View)
{
    /// <summary>Reads an id.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="id">The id as unpickled.</param>
    /// <exception cref="InputException">It does not name a storage of a known type.</exception>
    public static StorageId Parse(string path, object?[] id)
    {
        if (id is not ["storage", PickleGlobal { DType: { } dtype }, string key, _, long elements, ..] || id.Length > 6)
        {
            throw new InputException($"{path}: refused: its pickle refers to something that is not the storage of a tensor; nothing was run.");
        }

        if (elements < 0 || elements > long.MaxValue / 8)
        {
            throw new InputException($"{path}: damaged checkpoint: storage {MessageText.Quote(key)} claims {elements} elements.");
        }

        object? view = id.Length == 6 ? id[5] : null;
        return view switch
        {
            null => new StorageId(key, dtype, elements, null),
            object?[] and [string viewKey, long offset, long count] when offset >= 0 && count >= 0 && offset <= elements - count =>
                new StorageId(key, dtype, elements, (viewKey, offset, count)),
            _ => throw new InputException($"{path}: damaged checkpoint: a view of storage {MessageText.Quote(key)} leaves it."),
        };
    }
}
