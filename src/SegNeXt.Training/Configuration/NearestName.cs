namespace SegNeXt.Training;

/// <summary>Finds the known name that a mistyped one probably means.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate with the fewest typing errors, or null where none is near. A name whose section alone is wrong or
    /// missing (<c>lr</c> for <c>train.lr</c>) counts as one error.
    /// </summary>
    /// <param name="name">The name as typed.</param>
    /// <param name="candidates">The known names.</param>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestErrors = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int errors = Math.Min(Errors(name, candidate), 1 + Errors(Last(name), Last(candidate)));
            if (errors < bestErrors)
            {
                (best, bestErrors) = (candidate, errors);
            }
        }

        return bestErrors <= Math.Max(2, Last(name).Length / 2) ? best : null;
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.</summary>
    internal static int Errors(string a, string b)
    {
        int[,] table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int least = Math.Min(table[i - 1, j - 1] + cost, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }

        return table[a.Length, b.Length];
    }
}
