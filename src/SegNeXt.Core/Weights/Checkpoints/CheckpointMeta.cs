namespace SegNeXt.Core;

/// <summary>
/// What the <c>meta</c> of an OpenMMLab checkpoint says of the model; parts that are absent or not well-formed are null.
/// </summary>
public sealed class CheckpointMeta
{
    internal CheckpointMeta(PickleDict? entries)
    {
        Entries = entries ?? new PickleDict();

        // mmseg 0.x: CLASSES, PALETTE, config. mmseg 1.x: dataset_meta with classes and palette, cfg.
        PickleDict? dataset = Entries.Get<PickleDict>("dataset_meta");
        ClassNames = Names(Value(Entries, "CLASSES") ?? Value(Entries, "classes") ?? Value(dataset, "classes"));
        Palette = Colours(Value(Entries, "PALETTE") ?? Value(Entries, "palette") ?? Value(dataset, "palette"));
        ConfigText = Entries.Get<string>("config") ?? Entries.Get<string>("cfg");
        Texts = Scalars(Entries);
    }

    /// <summary>Names of the classes (<c>CLASSES</c>).</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>Colours of the classes as <c>0xRRGGBB</c> (<c>PALETTE</c>).</summary>
    public IReadOnlyList<int>? Palette { get; }

    /// <summary>Text of the training configuration, Python source (<c>config</c>).</summary>
    public string? ConfigText { get; }

    /// <summary>All entries as the checkpoint has them; empty if it has no meta.</summary>
    public PickleDict Entries { get; }

    /// <summary>The entries that are texts or numbers, as text.</summary>
    internal IReadOnlyDictionary<string, string> Texts { get; }

    private static object? Value(PickleDict? dict, string key) => dict is not null && dict.TryGetValue(key, out object? value) ? value : null;

    private static List<string>? Names(object? list)
    {
        List<string>? names = (list as IList<object?>)?.OfType<string>().ToList();
        return names is not null && names.Count == ((IList<object?>)list!).Count ? names : null;
    }

    private static List<int>? Colours(object? list)
    {
        if (list is not IList<object?> items)
        {
            return null;
        }

        List<int> colours = [];
        foreach (object? item in items)
        {
            if (item is not IList<object?> { Count: 3 } rgb || !rgb.All(part => part is long and >= 0 and <= 255))
            {
                return null;
            }

            colours.Add((int)(((long)rgb[0]! << 16) | ((long)rgb[1]! << 8) | (long)rgb[2]!));
        }

        return colours;
    }

    private static Dictionary<string, string> Scalars(PickleDict entries)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in entries.Entries)
        {
            if (key is string name && value is string or long or double or bool)
            {
                texts[name] = value is bool flag ? (flag ? "true" : "false") : FormattableString.Invariant($"{value}");
            }
        }

        return texts;
    }
}
