namespace SegNeXt.Training;

/// <summary>One value as written: a scalar's text, or a list of them.</summary>
/// <param name="Text">The scalar's text; null for a list and for the empty value.</param>
/// <param name="Items">The list's texts; null for a scalar.</param>
internal sealed record ConfigValue(string? Text, IReadOnlyList<string?>? Items)
{
    /// <summary>The empty value: <c>null</c>, <c>~</c>, or nothing after the colon.</summary>
    public bool IsNull => Text is null && Items is null;

    /// <summary>The value as an error message shows it.</summary>
    public override string ToString() => Items is not null
        ? "[" + string.Join(", ", Items.Select(item => item ?? "null")) + "]"
        : Text is null ? "null" : Shorten(Text);

    public static ConfigValue Scalar(string? text) => new(text, null);

    private static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }
}

/// <summary>A key with its value and the place it comes from.</summary>
/// <param name="Key">Dotted name.</param>
/// <param name="Value">The value as written.</param>
/// <param name="Origin"><c>file:line</c>, or the command line's option.</param>
internal sealed record ConfigEntry(string Key, ConfigValue Value, string Origin);
