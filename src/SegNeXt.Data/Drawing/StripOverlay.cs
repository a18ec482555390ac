using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary><see cref="Overlay.WithLegend"/> for pictures that are too large to be held: the same pixels, written row by row.</summary>
public static class StripOverlay
{
    /// <summary>Writes the picture with the classes' colours and the legend as a PNG.</summary>
    /// <param name="target">Takes the file's bytes.</param>
    /// <param name="picture">The picture's rows, from the first.</param>
    /// <param name="nextIds">Reads the ids of the next row; called for each row once.</param>
    /// <param name="counts">Pixels of each of the 256 ids.</param>
    /// <param name="names">Names of the classes by id.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> by id.</param>
    /// <param name="progress">Told the number of rows written; may be null.</param>
    /// <param name="cancellation">Looked at between rows.</param>
    /// <exception cref="InputException">The picture cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Write(
        Stream target, IRgbRows picture, Action<byte[]> nextIds, long[] counts, string[] names, int[] palette, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(nextIds);
        ArgumentNullException.ThrowIfNull(counts);
        List<LegendEntry> entries = Legend.Count(counts, names, palette);
        LegendPlan plan = entries.Count > 0
            ? Legend.Plan(picture.Width, picture.Height, entries)
            : new LegendPlan(picture.Width, picture.Height, new RgbImage(1, 1), picture.Width, picture.Height);
        OverlayRow overlay = new(picture.Width, picture.Height, palette, opacity: 0.5, contours: true);

        // The rows of ids from one reach above to one below.
        byte[][] ring = [.. Enumerable.Range(0, (2 * overlay.Reach) + 1).Select(_ => new byte[picture.Width])];
        int read = 0;
        using PngRowWriter writer = PngRowWriter.ForRgb(target, plan.Width, plan.Height);
        byte[] row = new byte[plan.Width * 3];
        for (int y = 0; y < plan.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            row.AsSpan().Fill(255);
            if (y < picture.Height)
            {
                int last = Math.Min(y + overlay.Reach, picture.Height - 1);
                for (; read <= last; read++)
                {
                    nextIds(ring[read % ring.Length]);
                }

                Span<byte> pixels = row.AsSpan(0, picture.Width * 3);
                picture.Read(pixels);
                overlay.Blend(pixels, ring[y % ring.Length], ring[Math.Max(y - overlay.Reach, 0) % ring.Length], ring[last % ring.Length]);
                progress?.Invoke(y + 1);
            }

            DrawPanel(plan, y, row);
            writer.Write(row);
        }
    }

    private static void DrawPanel(LegendPlan plan, int y, Span<byte> row)
    {
        int line = y - plan.Top, length = plan.Panel.Width * 3;
        if (line >= 0 && line < plan.Panel.Height)
        {
            plan.Panel.Pixels.AsSpan(line * length, length).CopyTo(row[(plan.Left * 3)..]);
        }
    }
}
