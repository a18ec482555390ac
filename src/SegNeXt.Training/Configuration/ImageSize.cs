using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SegNeXt.Training;

/// <summary>A picture's or crop's size in pixels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>The largest side that a configuration may name.</summary>
    public const int MaxSide = 65536;

    /// <summary>Reads <c>HxW</c>, such as <c>360x480</c>: 360 rows, 480 columns.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size, where the text is one.</param>
    /// <returns>Whether the text is two whole numbers from 1 to <see cref="MaxSide"/> with an <c>x</c> between.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageSize size)
    {
        size = default;
        string[] parts = (text ?? string.Empty).Split('x', 'X', '×');
        if (parts.Length != 2 || !TrySide(parts[0], out int height) || !TrySide(parts[1], out int width))
        {
            return false;
        }

        size = new ImageSize(height, width);
        return true;
    }

    /// <summary>The size as <c>HxW</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    private static bool TrySide(string text, out int side) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= MaxSide;
}
