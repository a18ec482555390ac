using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Tells smoothed edges from those of ids.</summary>
internal static class EdgeSlopes
{
    /// <summary>
    /// Of all neighbouring pixels that differ, the part where the second one lies strictly between the first and the third.
    /// A class one pixel wide between two others does that by chance; smoothing does it along every edge.
    /// </summary>
    public static double Share(LabelMap label)
    {
        long edges = 0;
        long slopes = 0;
        int width = label.Width;
        ReadOnlySpan<byte> ids = label.Ids;
        for (int y = 0; y < label.Height; y++)
        {
            ReadOnlySpan<byte> row = ids.Slice(y * width, width);
            Count(row[..^Math.Min(2, width)], row[Math.Min(1, width)..], row[Math.Min(2, width)..], ref edges, ref slopes);
            if (y + 2 < label.Height)
            {
                Count(row, ids.Slice((y + 1) * width, width), ids.Slice((y + 2) * width, width), ref edges, ref slopes);
            }
        }

        return edges == 0 ? 0 : (double)slopes / edges;
    }

    private static void Count(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ref long edges, ref long slopes)
    {
        second = second[..first.Length];
        third = third[..first.Length];
        if (first.SequenceEqual(second))
        {
            return;
        }

        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] != second[i])
            {
                edges++;
                slopes += (first[i] < second[i] && second[i] < third[i]) || (first[i] > second[i] && second[i] > third[i]) ? 1 : 0;
            }
        }
    }
}
