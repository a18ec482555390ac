namespace SegNeXt.Core;

/// <summary>Breaks a text into lines.</summary>
public static class LineBreaks
{
    /// <summary>Breaks a text at its spaces, each line as long as it may be; a word that is too long alone has a line of its own.</summary>
    /// <param name="text">One line.</param>
    /// <param name="fits">Whether a text has room in the line of a number from 0.</param>
    /// <returns>At least one line.</returns>
    public static IReadOnlyList<string> Break(string text, Func<string, int, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fits);
        List<string> lines = [];
        string? line = null;
        foreach (string word in text.Split(' '))
        {
            string longer = line is null ? word : $"{line} {word}";
            if (line is not null && !fits(longer, lines.Count))
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line!);
        return lines;
    }
}
