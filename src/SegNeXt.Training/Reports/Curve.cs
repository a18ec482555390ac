namespace SegNeXt.Training;

/// <summary>A row of points with rising x; y may be NaN.</summary>
internal sealed record Curve(double[] X, double[] Y)
{
    /// <summary>A number of the log's entries over their iterations.</summary>
    public static Curve Of(IReadOnlyList<LogEntry> entries, string name)
    {
        LogEntry[] with = [.. entries.Where(entry => entry.Values.ContainsKey(name)).OrderBy(entry => entry.Iteration)];
        return new Curve([.. with.Select(entry => (double)entry.Iteration)], [.. with.Select(entry => entry[name])]);
    }

    public int Count => X.Length;

    /// <summary>Points whose y is a number.</summary>
    public int FiniteCount => Y.Count(double.IsFinite);

    /// <summary>
    /// Each y replaced by the mean over a window around it. At the start, where a loss falls steeply, the window
    /// shrinks so that it stays centred; at the end only its right half does, so that the last value is a mean too. What
    /// is not finite is left out of the means and stays not finite itself.
    /// </summary>
    /// <param name="radius">Points taken on either side.</param>
    /// <param name="highest">Values above this are left out of the means too.</param>
    public Curve Smooth(int radius, double highest = double.PositiveInfinity)
    {
        double[] smooth = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            int left = Math.Min(radius, i);
            int right = Math.Min(left, Count - 1 - i);
            double sum = 0;
            int count = 0;
            for (int j = i - left; j <= i + right; j++)
            {
                if (double.IsFinite(Y[j]) && Y[j] <= highest)
                {
                    sum += Y[j];
                    count++;
                }
            }

            smooth[i] = double.IsFinite(Y[i]) ? sum / count : double.NaN;
        }

        return new Curve(X, smooth);
    }

    /// <summary>
    /// At most about <paramref name="limit"/> points: of each group of neighbours the lowest and the highest, in their
    /// order, so that no peak is lost. A group with a gap (NaN) keeps it.
    /// </summary>
    public Curve Thin(int limit)
    {
        if (Count <= limit)
        {
            return this;
        }

        List<int> kept = [0];
        int groups = Math.Max(1, (limit - 2) / 2);
        for (int g = 0; g < groups; g++)
        {
            int start = 1 + (int)((long)g * (Count - 2) / groups);
            int end = 1 + (int)((long)(g + 1) * (Count - 2) / groups);
            if (start >= end)
            {
                continue;
            }

            IEnumerable<int> group = Enumerable.Range(start, end - start);
            int[] finite = [.. group.Where(i => double.IsFinite(Y[i]))];
            if (finite.Length < end - start)
            {
                kept.Add(group.First(i => !double.IsFinite(Y[i])));
            }

            if (finite.Length > 0)
            {
                kept.Add(finite.MinBy(i => Y[i]));
                kept.Add(finite.MaxBy(i => Y[i]));
            }
        }

        kept.Add(Count - 1);
        int[] order = [.. kept.Distinct().Order()];
        return new Curve([.. order.Select(i => X[i])], [.. order.Select(i => Y[i])]);
    }

    /// <summary>The value below which a share of the finite ys lies; NaN where there are none.</summary>
    public double Quantile(double share)
    {
        double[] sorted = [.. Y.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }
}
