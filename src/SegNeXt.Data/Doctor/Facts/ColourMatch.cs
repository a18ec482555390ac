using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A palette that the colours of labels come from.</summary>
/// <param name="Source">The palette in words.</param>
/// <param name="Argument">What <c>--relabel</c> calls it.</param>
/// <param name="Names">The classes that occur.</param>
internal sealed record ColourMatch(string Source, string Argument, IReadOnlyList<string> Names)
{
    private const double Most = 0.9;

    /// <summary>The palette that nearly all pixels are from: the data set's own, or that of a known one.</summary>
    /// <param name="found">Colours with their pixels.</param>
    /// <param name="own">The data set's classes, or null.</param>
    /// <param name="root">The data set's folder.</param>
    public static ColourMatch? Find((int Colour, long Pixels)[] found, ClassSet? own, string root)
    {
        bool isListed = own is not null && File.Exists(Path.Combine(root, "classes.txt"));
        (ClassSet Set, string Source, string Argument)[] candidates =
        [
            .. isListed ? [(own!, "classes.txt", "classes")] : Array.Empty<(ClassSet, string, string)>(),
            .. SegmentationClasses.All.OrderBy(set => set.Count).Select(set => (set, $"the palette of {set.Name}", set.Name)),
        ];
        long all = found.Sum(c => c.Pixels);
        foreach ((ClassSet set, string source, string argument) in candidates)
        {
            int[] hits = [.. found.Select(c => Array.IndexOf(set.Palette, c.Colour)).Where(id => id >= 0)];
            long pixels = found.Where(c => set.Palette.Contains(c.Colour)).Sum(c => c.Pixels);

            // Black is what is left over in most palettes, so it speaks neither for one nor against it.
            long black = set.Palette.Contains(0) ? 0 : found.Where(c => c.Colour == 0).Sum(c => c.Pixels);
            int colours = hits.Count(id => set.Palette[id] != 0);
            if (colours >= 2 && pixels >= Most * (all - black))
            {
                return new ColourMatch(source, black > 0 ? argument + ",#000000:255" : argument, [.. hits.Select(id => set.Names[id])]);
            }
        }

        return null;
    }
}
