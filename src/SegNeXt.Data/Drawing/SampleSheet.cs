using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// One sample and what augmentation makes of it, side by side: pictures, below them the same with the classes' colours, and
/// below those what was drawn and the share of each class. On the first picture frames show where the others are from.
/// </summary>
public sealed class SampleSheet
{
    private const int MostClasses = 9;
    private const int Margin = 18;
    private const int Gap = 14;

    /// <summary>Colours of the frames, easy to tell apart.</summary>
    private static readonly int[] s_frames = [0xE4572E, 0x17BEBB, 0xFFC914, 0x8A4FFF, 0x76B041, 0xFF7BC3, 0x2E86FF, 0xB07D48];

    private readonly IReadOnlyList<SamplePicture> _pictures;
    private readonly ClassSet _classes;
    private readonly TextRenderer _heading = new(20, bold: true);
    private readonly TextRenderer _title = new(15, bold: true);
    private readonly TextRenderer _text = new(13.5);
    private readonly int _cellWidth;
    private readonly int _cellHeight;

    private SampleSheet(IReadOnlyList<SamplePicture> pictures, ClassSet classes, int cellWidth)
    {
        _pictures = pictures;
        _classes = classes;
        _cellWidth = cellWidth;
        SamplePicture shape = pictures[^1];
        _cellHeight = Math.Clamp(cellWidth * shape.Image.Height / shape.Image.Width, cellWidth / 3, cellWidth * 3 / 2);
    }

    /// <summary>Draws a sheet.</summary>
    /// <param name="heading">What stands at the top.</param>
    /// <param name="pictures">The original first, then the draws; at least one.</param>
    /// <param name="classes">Names and colours.</param>
    /// <param name="cellWidth">Columns of pixels for each picture.</param>
    public static RgbImage Draw(string heading, IReadOnlyList<SamplePicture> pictures, ClassSet classes, int cellWidth = 340)
    {
        ArgumentNullException.ThrowIfNull(heading);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellWidth, 64);
        return new SampleSheet(pictures, classes, cellWidth).Draw(heading);
    }

    private RgbImage Draw(string heading)
    {
        List<SampleShare>[] shares = [.. _pictures.Select(picture => SampleShare.Count(picture, _classes, MostClasses))];
        int notes = _pictures.Max(picture => picture.Notes.Count);
        int headingHeight = _heading.LineHeight + 8;
        int top = Margin + headingHeight + _title.LineHeight + 6;
        int below = top + (2 * (_cellHeight + Gap));
        int height = below + (notes * _text.LineHeight) + 8 + (shares.Max(list => list.Count) * (_text.LineHeight + 3)) + Margin;
        DrawingCanvas canvas = new((2 * Margin) + (_pictures.Count * (_cellWidth + Gap)) - Gap, height);
        canvas.DrawText(_heading.Fit(heading, canvas.Width - (2 * Margin)), Margin, Margin + _heading.CapHeight + 2, _heading, Colors.Ink);
        for (int column = 0; column < _pictures.Count; column++)
        {
            int x = Margin + (column * (_cellWidth + Gap));
            DrawTitle(canvas, column, x, Margin + headingHeight);
            DrawPicture(canvas, column, x, top, withClasses: false);
            DrawPicture(canvas, column, x, top + _cellHeight + Gap, withClasses: true);
            int y = below;
            foreach (string note in _pictures[column].Notes)
            {
                canvas.DrawText(_text.Fit(note, _cellWidth), x, y + (_text.LineHeight * 3 / 4), _text, Colors.SoftInk);
                y += _text.LineHeight;
            }

            DrawShares(canvas, shares[column], x, below + (notes * _text.LineHeight) + 8);
        }

        return canvas.Image;
    }

    private void DrawTitle(DrawingCanvas canvas, int column, int x, int y)
    {
        int baseline = y + (_title.LineHeight * 3 / 4);
        if (_pictures[column].Frame is not null)
        {
            canvas.FillRectangle(x, baseline - _title.CapHeight - 1, _title.CapHeight + 2, _title.CapHeight + 2, FrameColour(column));
            x += _title.CapHeight + 9;
        }

        canvas.DrawText(_title.Fit(_pictures[column].Title, _cellWidth - 24), x, baseline, _title, Colors.Ink);
    }

    private void DrawPicture(DrawingCanvas canvas, int column, int x, int y, bool withClasses)
    {
        SamplePicture picture = _pictures[column];
        RgbImage full = withClasses ? Overlay.Blend(picture.Image, picture.Label, _classes.Palette, 0.62) : picture.Image;
        (int width, int height) = Shrink.Fit(full.Width, full.Height, _cellWidth, _cellHeight);
        RgbImage shown = Shrink.To(full, width, height);
        Hatching.Draw(shown, picture, ignored: withClasses);
        canvas.DrawImage(shown, x, y);
        if (column == 0 && !withClasses)
        {
            DrawFrames(canvas, x, y, (double)width / picture.Image.Width, (double)height / picture.Image.Height);
        }
    }

    /// <summary>Where the other pictures are from, on the first one.</summary>
    private void DrawFrames(DrawingCanvas canvas, int x, int y, double scaleX, double scaleY)
    {
        for (int column = 1; column < _pictures.Count; column++)
        {
            if (_pictures[column].Frame is { } frame)
            {
                int left = x + (int)Math.Round(frame.X * scaleX);
                int top = y + (int)Math.Round(frame.Y * scaleY);
                int right = x + (int)Math.Round((frame.X + frame.Width) * scaleX);
                int bottom = y + (int)Math.Round((frame.Y + frame.Height) * scaleY);

                // Frames that coincide, as whole pictures do, stay visible one inside the other.
                int inset = 3 * (column - 1);
                canvas.DrawRectangle(left + inset, top + inset, right - left - (2 * inset), bottom - top - (2 * inset), FrameColour(column), 2);
            }
        }
    }

    private void DrawShares(DrawingCanvas canvas, List<SampleShare> shares, int x, int y)
    {
        int size = _text.CapHeight + 3;
        foreach (SampleShare share in shares)
        {
            int baseline = y + (_text.LineHeight * 3 / 4);
            int top = baseline - _text.CapHeight - 1;
            if (share.Colour is int colour)
            {
                canvas.FillRectangle(x, top, size, size, colour);
                canvas.DrawRectangle(x, top, size, size, Colors.Mix(colour, Colors.Ink, 0.25));
            }
            else if (share.Kind is { } kind)
            {
                Hatching.Fill(canvas, x, top, size, kind == ShareKind.Padding);
            }

            int percent = _text.Measure(share.Percent);
            int end = Math.Min(x + _cellWidth, x + 230);
            canvas.DrawText(share.Percent, end - percent, baseline, _text, Colors.SoftInk);
            canvas.DrawText(_text.Fit(share.Name, end - percent - x - size - 16), x + size + 8, baseline, _text, Colors.Ink);
            y += _text.LineHeight + 3;
        }
    }

    private static int FrameColour(int column) => s_frames[(column - 1) % s_frames.Length];
}
