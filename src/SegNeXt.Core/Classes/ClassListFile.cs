using System.Globalization;
using System.Text;

namespace SegNeXt.Core;

/// <summary>The reader behind <see cref="ClassSet.FromFile"/>.</summary>
internal static class ClassListFile
{
    // Far above 255 names; a picture given by mistake is refused before it is read.
    private const int MaxBytes = 1 << 20;

    public static ClassSet Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] lines = ReadText(path).TrimEnd().Split('\n');
        if (lines.Length > ClassSet.MaxClasses)
        {
            throw Error(path, null, $"lists {lines.Length} classes; at most {ClassSet.MaxClasses} are possible");
        }

        Dictionary<string, int> seen = [];
        int?[] colours = new int?[lines.Length];
        string[] names = new string[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            (names[i], colours[i]) = ReadLine(path, i + 1, lines[i]);
            if (!seen.TryAdd(names[i], i + 1))
            {
                throw Error(path, i + 1, $"repeats the class '{names[i]}' of line {seen[names[i]]}");
            }
        }

        return new ClassSet(Path.GetFileNameWithoutExtension(path), names, Complete(colours));
    }

    private static string ReadText(string path)
    {
        RegularFile.Require(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw Error(path, null, "is too long for a list of classes");
            }

            using StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: is no UTF-8 text.", e);
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(path, e);
        }
    }

    private static (string Name, int? Colour) ReadLine(string path, int number, string line)
    {
        string[] fields = line.Split('\t', 2, StringSplitOptions.TrimEntries);
        string name = fields[0];
        if (name.Length == 0)
        {
            throw Error(path, number, "has no class name");
        }

        if (name.Any(char.IsControl))
        {
            throw Error(path, number, "holds a control character");
        }

        string colour = fields.Length > 1 ? fields[1] : "";
        return (name, colour.Length == 0 ? null : ReadColour(colour)
            ?? throw Error(path, number, $"has the colour '{colour}'; expected #RRGGBB or R,G,B from 0 to 255"));
    }

    private static int? ReadColour(string text)
    {
        if (text.StartsWith('#'))
        {
            return text.Length == 7 && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
                ? value
                : null;
        }

        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int colour = 0;
        foreach (string part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte value))
            {
                return null;
            }

            colour = (colour << 8) | value;
        }

        return parts.Length == 3 ? colour : null;
    }

    /// <summary>Gives classes without a colour the first default ones that no other class has.</summary>
    private static int[] Complete(int?[] colours)
    {
        HashSet<int> taken = [.. colours.OfType<int>()];
        Queue<int> free = new(DefaultPalette.Colours.Where(colour => !taken.Contains(colour)));
        return [.. colours.Select(colour => colour ?? free.Dequeue())];
    }

    private static InputException Error(string path, int? line, string fault) =>
        new(line is null ? $"{path}: {fault}." : $"{path}, line {line}: {fault}.");
}
