using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>Segments a picture by strips, from file to file: neither it nor its results are ever held whole.</summary>
/// <param name="segmenter">The network in windows.</param>
/// <param name="classes">Names and colours for overlays.</param>
/// <param name="format">How ids are written.</param>
/// <param name="terminal">Where progress goes.</param>
internal sealed class StripPrediction(StripSegmenter segmenter, ClassSet classes, IdFormat format, Terminal terminal)
{
    /// <summary>Segments one picture. The files are there wholly or not at all, the ids last.</summary>
    /// <param name="plan">The picture and its results.</param>
    /// <param name="progress">Is told of rows.</param>
    /// <exception cref="InputException">The picture cannot be read, or a result not be written.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public void Run(OutputPlan plan, WorkProgress progress)
    {
        using ImageRows rows = ImageRows.Open(plan.Input);
        if (rows.IsHeld)
        {
            terminal.Note($"{plan.Input}: it cannot be read by rows (progressive, interlaced, or turned by its EXIF orientation) and is held in memory whole");
        }

        AtomicFile.Write(plan.Ids, target =>
        {
            // An overlay looks rows ahead and begins with the legend, so that it is drawn in a second round.
            using FileStream? kept = plan.Overlay is null ? null : Keep(plan.Ids);
            long[] counts = new long[256];
            using (PngRowWriter writer = format.Begin(target, rows.Width, rows.Height))
            {
                segmenter.Predict(
                    rows,
                    ids => WriteRows(ids, rows.Width, writer, kept, counts),
                    done => progress.Within(plan.Input, "rows", (long)done, rows.Height),
                    terminal.Cancellation);
            }

            if (plan.Overlay is { } overlay)
            {
                kept!.Position = 0;
                using ImageRows again = ImageRows.Open(plan.Input);
                AtomicFile.Write(overlay, picture => StripOverlay.Write(
                    picture,
                    again,
                    row => kept.ReadExactly(row),
                    counts,
                    classes.Names,
                    classes.Palette,
                    done => progress.Within(overlay, "rows", done, again.Height),
                    terminal.Cancellation));
            }
        });
    }

    private void WriteRows(ReadOnlyMemory<byte> ids, int width, PngRowWriter writer, FileStream? kept, long[] counts)
    {
        byte[] row = new byte[width];
        for (int start = 0; start < ids.Length; start += width)
        {
            ids.Span.Slice(start, width).CopyTo(row);
            if (kept is not null)
            {
                kept.Write(row);
                foreach (byte id in row)
                {
                    counts[id]++;
                }
            }

            format.Translate(row);
            writer.Write(row);
        }
    }

    /// <summary>A file for the ids, a byte each, beside the results; it goes when it is closed.</summary>
    private static FileStream Keep(string ids)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(ids))!, $".{Guid.NewGuid():N}.tmp");
        return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    }
}
