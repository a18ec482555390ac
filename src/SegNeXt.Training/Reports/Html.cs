using System.Globalization;
using System.Text;

namespace SegNeXt.Training;

/// <summary>
/// Puts HTML together. What is interpolated is escaped, so that a class name or a path can never become markup; only
/// another <see cref="Html"/> goes in as it is.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with escaped values.</summary>
    public Html Add(ref Interpolation markup)
    {
        _text.Append(markup.Text);
        return this;
    }

    /// <summary>Adds markup that is known to be such.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Adds what another has.</summary>
    public Html Add(Html other)
    {
        _text.Append(other._text);
        return this;
    }

    public bool IsEmpty => _text.Length == 0;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A text with the five special characters replaced and control characters dropped.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ when char.IsControl(c) && c is not ('\n' or '\t') => escaped,
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The handler that escapes each interpolated value; numbers are written invariantly.</summary>
    [System.Runtime.CompilerServices.InterpolatedStringHandler]
    internal readonly ref struct Interpolation
    {
        public Interpolation(int literalLength, int formattedCount)
        {
            Text = new StringBuilder(literalLength + (16 * formattedCount));
        }

        public StringBuilder Text { get; }

        public void AppendLiteral(string value) => Text.Append(value);

        public void AppendFormatted(Html value) => Text.Append(value._text);

        public void AppendFormatted(string? value) => Text.Append(Escape(value ?? string.Empty));

        public void AppendFormatted(int value) => Text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(double value, string format) => Text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
