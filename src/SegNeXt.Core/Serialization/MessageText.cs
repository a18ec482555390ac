using System.Globalization;
using System.Text;

namespace SegNeXt.Core;

/// <summary>Makes text from files fit to stand in an error message: short, on one line, printable.</summary>
internal static class MessageText
{
    private const int MaxLength = 120;

    /// <summary>The text in single quotes; control characters escaped, cut after 120 characters.</summary>
    public static string Quote(string text)
    {
        StringBuilder result = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
            {
                result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                result.Append(c);
            }
        }

        return result.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }

    /// <summary>A shape as <c>[2, 3]</c>; long ones cut after 8 sizes.</summary>
    public static string Shape(IReadOnlyList<long> shape) =>
        $"[{string.Join(", ", shape.Take(8))}{(shape.Count > 8 ? ", …" : "")}]";

    /// <summary>How a file begins: as text if it is printable, else as bytes in hexadecimal.</summary>
    public static string Beginning(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, 24)];
        int printable = start.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        if (printable is -1 or >= 4)
        {
            return Quote(Encoding.ASCII.GetString(printable < 0 ? start : start[..printable]));
        }

        return $"the bytes {string.Join(' ', start[..Math.Min(start.Length, 8)].ToArray().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))}";
    }
}
