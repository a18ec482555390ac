using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Labels that hold no ids: colours, JPEG, numbers of 16 bits.</summary>
internal sealed class LabelKindCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        LabelFacts[] labels = [.. facts.Labels.Select(sample => sample.Label!)];
        LabelFacts[] jpeg = [.. labels.Where(label => label.Kind == LabelKind.Jpeg)];
        if (jpeg.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "jpeg-labels", $"{Say.Count(jpeg.Length, "label is a JPEG file", "labels are JPEG files")}, whose compression changes values along every edge; ids cannot be told from them exactly.",
                "Export the labels again as PNG; converting the JPEG files would keep the wrong values.", Files(jpeg));
        }

        LabelFacts[] colour = [.. labels.Where(label => label.Kind == LabelKind.Colours)];
        LabelFacts[] grey = [.. colour.Where(label => label.Values.Length > 0)];
        if (grey.Length > 0)
        {
            string values = Say.Ranges(grey.SelectMany(label => label.Values).Select(value => (int)value.Value).Distinct());
            yield return new Finding(
                FindingSeverity.Error, "grey-as-rgb", $"{Say.Count(grey.Length, "label is", "labels are")} saved as {string.Join(" or ", grey.Select(label => label.Format).Distinct())} though red, green and blue are equal in all pixels; the values are {values}.",
                "Save one channel as a grey PNG: the values themselves are then the ids; this writes such labels into a folder of their own:", Files(grey))
            {
                Command = Say.Relabel(facts, "same"),
            };
        }

        LabelFacts[] colours = [.. colour.Where(label => label.Values.Length == 0)];
        if (colours.Length > 0)
        {
            yield return Colours(facts, colours);
        }

        LabelFacts[] large = [.. labels.Where(label => label.TooLarge)];
        if (large.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "16-bit-labels", $"{Say.Count(large.Length, "label has", "labels have")} 16 bits a pixel and values above 255, of which training would see the low byte alone.",
                "Save ids from 0 to 254 in 8 bits; values such as 257 or 1001 mean instances or scaled ids (class = value / 257 or value / 1000).", Files(large));
        }
    }

    private static Finding Colours(DataSetFacts facts, LabelFacts[] labels)
    {
        Dictionary<int, long> pixels = [];
        foreach ((int colour, int count) in labels.SelectMany(label => label.Colours))
        {
            pixels[colour] = pixels.GetValueOrDefault(colour) + count;
        }

        (int Colour, long Pixels)[] found = [.. pixels.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => (c.Key, c.Value))];
        string list = Say.Some(found.Take(9).Select(c => Say.Colour(c.Colour)));
        bool stray = labels.Any(label => label.ManyColours);
        string number = stray ? "hundreds of colours, so edges were smoothed or compressed; the most frequent are" : Say.Count(found.Length, "colour") + ":";
        ColourMatch? match = ColourMatch.Find(found, facts.Listing.Classes, facts.Listing.Root);
        string kinds = string.Join(" or ", labels.Select(label => label.Format).Distinct());
        string known = match is null ? "" : $" The colours are those of {match.Source} ({Say.Some(match.Names, 4)}).";
        return new Finding(
            FindingSeverity.Error, "colour-masks", $"{Say.Count(labels.Length, "label is a colour picture", "labels are colour pictures")} ({kinds}) where class ids are meant: {number} {list}.{known}",
            match is null
                ? "Save the labels as grey or palette PNGs whose values are ids, or write the colours into classes.txt (name, tab, #RRGGBB) and let segnext doctor --relabel make ids of them."
                : "Turn each colour into its id; this writes such labels into a folder of their own, to be put in the old ones' place:",
            Files(labels))
        {
            Command = match is null ? null : Say.Relabel(facts, match.Argument),
        };
    }

    private static FindingFile[] Files(LabelFacts[] labels) => [.. labels.Select(label => new FindingFile(label.Path))];
}
