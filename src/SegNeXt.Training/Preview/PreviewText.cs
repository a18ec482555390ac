using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>What was drawn, in words.</summary>
internal static class PreviewText
{
    /// <summary>A few short lines about a draw.</summary>
    public static IReadOnlyList<string> Lines(Sample original, PreviewDraw draw, TrainSettings train)
    {
        AugmentationDraw drawn = draw.Drawn;
        string padded = (drawn.Window.Width, drawn.Window.Height) == (draw.Image.Width, draw.Image.Height) ? "" : ", padded";
        return
        [
            Text($"resize ×{Ratio(original, drawn, train):0.00} to {drawn.Width}×{drawn.Height}"),
            Text($"crop {drawn.Window.Width}×{drawn.Window.Height} at ({drawn.Window.X}, {drawn.Window.Y}){padded}{(drawn.Mirrored ? ", mirrored" : "")}"),
            Colours(drawn.Photometric),
        ];
    }

    /// <summary>The part of the original that a draw shows, in the original's pixels.</summary>
    public static PixelWindow Frame(Sample original, AugmentationDraw drawn)
    {
        double x = (double)original.Image.Width / drawn.Width;
        double y = (double)original.Image.Height / drawn.Height;
        return new PixelWindow(
            (int)Math.Round(drawn.Window.X * x), (int)Math.Round(drawn.Window.Y * y),
            (int)Math.Round(drawn.Window.Width * x), (int)Math.Round(drawn.Window.Height * y));
    }

    /// <summary>The ratio to what ratio 1 would give; the pixel's rounding is in it.</summary>
    private static double Ratio(Sample original, AugmentationDraw drawn, TrainSettings train)
    {
        int width = train.Resize is { } box
            ? ResizeRule.KeepRatio(original.Image.Width, original.Image.Height, box.Width, box.Height).Width
            : original.Image.Width;
        return (double)drawn.Width / width;
    }

    private static string Colours(PhotometricDraw? draw)
    {
        if (draw is not { } colours)
        {
            return "colours as they are";
        }

        List<string> parts = [];
        if (colours.Brightness is float brightness)
        {
            parts.Add(Text($"brightness {brightness:+0;-0;0}"));
        }

        if (colours.Contrast is float contrast)
        {
            parts.Add(Text($"contrast ×{contrast:0.00}"));
        }

        if (colours.Saturation != 1f)
        {
            parts.Add(Text($"saturation ×{colours.Saturation:0.00}"));
        }

        if (colours.Hue != 0)
        {
            parts.Add(Text($"hue {2 * colours.Hue:+0;-0}°"));
        }

        return parts.Count == 0 ? "colours as they are" : string.Join(", ", parts);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
