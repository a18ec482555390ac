using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A confusion matrix as a picture: a row for each labelled class, a column for each predicted one.</summary>
public static class ConfusionPicture
{
    private const int Paper = 0xFFFFFF;
    private const int Ink = 0x202020;
    private const int Absent = 0xE0E0E0;
    private const int Empty = 0xF4F7FB;
    private const int Full = 0x08306B;
    private const string Caption = "rows: label, columns: prediction, in % of the label's pixels";

    /// <summary>Draws the matrix.</summary>
    /// <param name="shares">
    /// <c>[K, K]</c>, index <c>label · K + prediction</c>, each in [0, 1]; rows of NaN (classes without pixels) are grey.
    /// </param>
    /// <param name="names">Names of the K classes.</param>
    /// <exception cref="ArgumentException">There are not K² shares.</exception>
    public static RgbImage Draw(double[] shares, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(names);
        int count = names.Count;
        if (count == 0 || shares.Length != count * count)
        {
            throw new ArgumentException($"{count}×{count} shares are needed, there are {shares.Length}.", nameof(shares));
        }

        // Few classes leave room for numbers; of many, the pattern is what one looks at.
        (int cell, int scale) = count <= 30 ? (44, 2) : count <= 60 ? (20, 1) : (10, 1);
        int margin = names.Max(name => PictureCanvas.WidthOf(name, scale)) + (6 * scale);
        int line = (BitmapFont.Height + 4) * scale;
        int side = count * cell;
        RgbImage image = new(Math.Max(margin + side, PictureCanvas.WidthOf(Caption, scale)) + line, margin + side + (2 * line));
        PictureCanvas canvas = new(image);
        canvas.Fill(0, 0, image.Width, image.Height, Paper);
        for (int label = 0; label < count; label++)
        {
            int centre = margin + (label * cell) + ((cell - (7 * scale)) / 2);
            canvas.Write(names[label], margin - PictureCanvas.WidthOf(names[label], scale) - (3 * scale), centre, scale, Ink);
            canvas.WriteUp(names[label], centre, margin - (3 * scale), scale, Ink);
            for (int prediction = 0; prediction < count; prediction++)
            {
                DrawCell(canvas, shares[(label * count) + prediction], margin + (prediction * cell), margin + (label * cell), cell, scale);
            }
        }

        canvas.Write(Caption, 3 * scale, margin + side + (line / 2), scale, Ink);
        return image;
    }

    private static void DrawCell(PictureCanvas canvas, double share, int x, int y, int cell, int scale)
    {
        const int TextRoom = 40;
        bool known = !double.IsNaN(share);
        canvas.Fill(x, y, cell - 1, cell - 1, known ? Mix(Empty, Full, Math.Clamp(share, 0, 1)) : Absent);
        if (known && cell >= TextRoom && share >= 0.005)
        {
            string text = (share * 100).ToString("0", CultureInfo.InvariantCulture);
            int left = x + ((cell - PictureCanvas.WidthOf(text, scale) + scale) / 2);
            canvas.Write(text, left, y + ((cell - (7 * scale)) / 2), scale, share > 0.45 ? Paper : Ink);
        }
    }

    private static int Mix(int from, int to, double share)
    {
        int result = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int a = (from >> shift) & 255;
            int b = (to >> shift) & 255;
            result |= (int)Math.Round(a + ((b - a) * share)) << shift;
        }

        return result;
    }
}
