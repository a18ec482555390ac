namespace SegNeXt.Core;

/// <summary>Finds the known name that a mistyped one probably means.</summary>
public static class NearestName
{
    /// <summary>Longer ones are no typing errors, and the table below would be large.</summary>
    private const int MaxLength = 100;

    /// <summary>
    /// The candidate with the fewest typing errors: a letter too many, missing or wrong, or two neighbours swapped. Up to
    /// a third of the letters may be wrong. A name whose section alone is wrong or missing (<c>lr</c> for
    /// <c>train.lr</c>) counts as one error.
    /// </summary>
    /// <param name="name">The name as typed: an option with its dashes, a dotted key, or a plain word.</param>
    /// <param name="candidates">The known names; of equally near ones the first is taken.</param>
    /// <returns>A candidate, or null where none is near.</returns>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        int letters = Last(name).TrimStart('-').Length;
        if (letters < 2 || name.Length > MaxLength)
        {
            return null;
        }

        int most = Math.Max(1, letters / 3);
        return candidates
            .Select(candidate => (Name: candidate, Whole: Errors(name, candidate), InLast: Errors(Last(name), Last(candidate))))
            .Where(near => Math.Min(near.Whole, near.InLast) <= most)
            .OrderBy(near => Math.Min(near.Whole, 1 + near.InLast))
            .Select(near => near.Name)
            .FirstOrDefault();
    }

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

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
}
