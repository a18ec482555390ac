using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Values that are no ids from 0 on: 0/255 masks, ids off by one, ids spread over the grey scale, smoothed edges.</summary>
internal sealed class LabelValueCheck : IDoctorCheck
{
    /// <summary>From this part of slopes on edges were smoothed; ids have far less.</summary>
    private const double Soft = 0.2;

    private const int FewValues = 24;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        SampleFacts[] soft = [.. facts.IdLabels.Where(sample => IsSoft(facts, sample.Label!))];
        if (soft.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "smoothed-labels", $"{Say.Count(soft.Length, "label has", "labels have")} smoothed edges: values between those of the classes, as anti-aliasing, resizing or JPEG compression makes them.",
                "Export the labels without anti-aliasing, and scale them by nearest neighbour only.",
                Say.Labels(soft, label => $"{label.Values.Length} values"));
        }

        HashSet<SampleFacts> set = [.. facts.IdLabels.Except(soft)];
        int[] values = [.. set.SelectMany(sample => sample.Label!.Values).Select(value => (int)value.Value).Where(v => v != LabelMap.Ignore).Distinct().Order()];
        if (Strange(facts) is { } strange)
        {
            yield return strange;
        }

        if (values.Length == 0)
        {
            yield break;
        }

        if (Binary(facts, set) is { } binary)
        {
            yield return binary;
        }
        else if (Spread(facts, set, values) is { } spread)
        {
            yield return spread;
        }
        else if (OffByOne(facts, set, values) is { } shifted)
        {
            yield return shifted;
        }
        else if (OutOfRange(facts, set) is { } outside)
        {
            yield return outside;
        }
        else if (Gaps(facts, set, values) is { } gaps)
        {
            yield return gaps;
        }
    }

    /// <summary>Whether masks of 0 and 255 leave class 0 alone.</summary>
    public static bool LooksBinary(DataSetFacts facts) => Binary(facts, [.. facts.IdLabels]) is not null;

    /// <summary>Whether ids that are not what they should be make classes seem absent.</summary>
    public static bool ExplainsAbsence(DataSetFacts facts)
    {
        int[] values = [.. Enumerable.Range(0, LabelMap.Ignore).Where(v => facts.ValuePixels[v] > 0)];
        HashSet<SampleFacts> all = [.. facts.IdLabels];
        return values.Length == 0 || Binary(facts, all) is not null || Spread(facts, all, values) is not null || OffByOne(facts, all, values) is not null || Gaps(facts, all, values) is not null;
    }

    /// <summary>Values of 0 and 255 alone, where 255 cannot be meant as ignored.</summary>
    private static Finding? Binary(DataSetFacts facts, HashSet<SampleFacts> set)
    {
        SampleFacts[] white = [.. set.Where(sample => sample.Label!.Values is [{ Value: 0 }, { Value: LabelMap.Ignore }])];
        bool onesStandAlone = !set.Any(sample => sample.Label!.PixelsOf(1) > 0 && sample.Label.PixelsOf(LabelMap.Ignore) > 0);
        bool onlyTwo = set.All(sample => sample.Label!.Values.All(value => value.Value is 0 or 1 or LabelMap.Ignore));
        if (white.Length == 0 || !onlyTwo || !onesStandAlone || facts.Classes is > 2)
        {
            return null;
        }

        string others = white.Length < set.Count && set.Any(sample => sample.Label!.PixelsOf(1) > 0) ? ", while other labels have 1 for the same class" : "";
        return new Finding(
            FindingSeverity.Error, "binary-masks", $"{Say.Count(white.Length, "label is a mask", "labels are masks")} of 0 and 255 (black and white){others}; 255 means ignored, so the white class would never be learnt.",
            "Map 255 to 1; this writes such labels into a folder of their own, to be put in the old ones' place:", Say.Labels(white))
        {
            Command = Say.Relabel(facts, "255:1"),
        };
    }

    /// <summary>Few values far apart: ids stretched so that people can see them, or levels of grey.</summary>
    private static Finding? Spread(DataSetFacts facts, HashSet<SampleFacts> set, int[] values)
    {
        bool withWhite = set.Any(sample => sample.Label!.PixelsOf(LabelMap.Ignore) > 0);
        int classes = facts.Classes ?? values.Length;
        if (values.Length > FewValues || values[^1] < 2 * Math.Max(classes, values.Length) || values[^1] < 8 || !IsSparse(values) || facts.Listing.Kind == ListingKind.Known)
        {
            return null;
        }

        // White belongs to the scale where the steps up to it are even, as in 0, 85, 170, 255.
        bool whiteIsClass = withWhite && values.Length > 1 && Math.Abs(LabelMap.Ignore - values[^1] - (values[^1] - values[^2])) <= 2;
        int[] all = whiteIsClass ? [.. values, LabelMap.Ignore] : values;
        string map = string.Join(',', all.Select((value, id) => $"{value}:{id}"));
        return new Finding(
            FindingSeverity.Error, "spread-ids", $"The values in the labels are {string.Join(", ", all)}: grey levels with gaps, where ids count 0, 1, 2 … without one.",
            "Number them from 0 in their order; this writes such labels into a folder of their own, to be put in the old ones' place:",
            Say.Labels(set.Where(sample => sample.Label!.Values.Any(value => value.Value >= classes && value.Value != LabelMap.Ignore))))
        {
            Command = Say.Relabel(facts, map),
        };
    }

    /// <summary>Ids from 1 on, or one id more than there are names.</summary>
    private static Finding? OffByOne(DataSetFacts facts, HashSet<SampleFacts> set, int[] values)
    {
        int last = values[^1];
        bool hasZero = values[0] == 0;
        int classes = facts.Classes ?? last;
        if (facts.Listing.Kind == ListingKind.Known || last != classes)
        {
            return null;
        }

        SampleFacts[] reached = [.. set.Where(sample => sample.Label!.PixelsOf(last) > 0)];
        string lower = string.Join(',', Enumerable.Range(1, last).Select(id => $"{id}:{id - 1}"));
        string list = facts.Names is null ? "" : $", and {Where(facts)} names {facts.Names.Length} classes";
        if (!hasZero)
        {
            return new Finding(
                facts.Classes is null ? FindingSeverity.Warning : FindingSeverity.Error, "ids-from-one",
                $"The ids go from 1 to {last}{list}; 0 is unused. Ids count from 0: as it is, {(facts.Classes is null ? "class 0 would be one that never occurs" : $"id {last} has no name and every name is one off")}.",
                "Lower all ids by one; this writes such labels into a folder of their own, to be put in the old ones' place:", Say.Labels(facts.Classes is null ? [] : reached))
            {
                Command = Say.Relabel(facts, lower),
            };
        }

        return facts.Classes is null ? null : new Finding(
            FindingSeverity.Error, "ids-one-too-many",
            $"The ids go from 0 to {last}, which is {last + 1} of them{(facts.Names is null ? $", where {classes} are configured" : $", but {Where(facts)} names {classes} classes")}; id 0 is probably the background, and every name one off.",
            "If 0 is a class, put its name (background) first in classes.txt; if it means unlabelled, ignore it and lower the rest, which this does in a folder of its own:",
            Say.Labels(reached))
        {
            Command = Say.Relabel(facts, $"0:255,{lower}"),
        };
    }

    private static Finding? OutOfRange(DataSetFacts facts, HashSet<SampleFacts> set)
    {
        if (facts.Classes is not int classes || classes >= LabelMap.Ignore)
        {
            return null;
        }

        bool IsOutside((byte Value, int Pixels) value) => value.Value >= classes && value.Value != LabelMap.Ignore;
        SampleFacts[] outside = [.. set.Where(sample => sample.Label!.Values.Any(IsOutside))];
        if (outside.Length == 0)
        {
            return null;
        }

        int[] values = [.. outside.SelectMany(sample => sample.Label!.Values.Where(IsOutside)).Select(value => (int)value.Value).Distinct()];
        return new Finding(
            FindingSeverity.Error, "ids-out-of-range", $"{Say.Count(outside.Length, "label has", "labels have")} values that are no class: {Say.Ranges(values)}, where {Say.Count(classes, "class has", "classes have")} the ids 0 to {classes - 1} and 255 means ignored.",
            "Add the missing names to classes.txt; or map these values to a class or to 255, which this does in a folder of its own:",
            Say.Labels(outside, label => $"{Say.Ranges(label.Values.Where(IsOutside).Select(value => (int)value.Value))} in {Say.Count(label.Values.Where(IsOutside).Sum(value => value.Pixels), "pixel")}"))
        {
            Command = Say.Relabel(facts, string.Join(',', values.Order().Select(value => $"{value}:255"))),
        };
    }

    /// <summary>Without a list of classes: ids that leave gaps below the highest one, which so counts as that many classes.</summary>
    private static Finding? Gaps(DataSetFacts facts, HashSet<SampleFacts> set, int[] values)
    {
        int missing = values[^1] + 1 - values.Length;
        if (facts.Classes is not null || values[0] != 0 || missing == 0)
        {
            return null;
        }

        int first = Array.FindIndex(values, 1, value => value != values[Array.IndexOf(values, value) - 1] + 1);
        int[] above = values[first..];
        SampleFacts[] reaching = [.. set.Where(sample => above.Any(value => sample.Label!.PixelsOf(value) > 0))];
        return new Finding(
            FindingSeverity.Warning, "ids-with-gaps",
            $"The ids are {Say.Ranges(values)}, so {values[^1] + 1} classes are assumed, {missing} of which never occur; {Say.Count(reaching.Length, "label has", "labels have")} an id above the gap.",
            "Write the names of all classes into classes.txt if the ids are meant so; else map the stray ones to 255 or close the gap, which this does in a folder of its own:",
            Say.Labels(reaching, label => $"{Say.Ranges(label.Values.Select(value => (int)value.Value).Where(above.Contains))}"))
        {
            Command = Say.Relabel(facts, reaching.Length <= set.Count / 20
                ? string.Join(',', above.Select(value => $"{value}:255"))
                : string.Join(',', above.Select((value, i) => $"{value}:{first + i}"))),
        };
    }

    /// <summary>Values that the data set's own mapping does not know.</summary>
    private static Finding? Strange(DataSetFacts facts)
    {
        SampleFacts[] strange = [.. facts.IdLabels.Where(sample => sample.Label!.Strange.Length > 0)];
        if (strange.Length == 0)
        {
            return null;
        }

        string values = Say.Ranges(strange.SelectMany(sample => sample.Label!.Strange).Select(value => (int)value.Value).Distinct());
        return new Finding(
            FindingSeverity.Error, "ids-out-of-range", $"{Say.Count(strange.Length, "label has", "labels have")} values that this data set does not know: {values}, where there are {strange[0].Label!.Expected}.",
            "Take the labels from the data set's own distribution, unchanged; a resized or converted copy may have other values.",
            Say.Labels(strange, label => $"{Say.Ranges(label.Strange.Select(value => (int)value.Value))} in {Say.Count(label.Strange.Sum(value => value.Pixels), "pixel")}"));
    }

    private static string Where(DataSetFacts facts) =>
        File.Exists(Path.Combine(facts.Listing.Root, "classes.txt")) ? "classes.txt" : facts.Listing.Classes!.Name;

    /// <summary>Smoothing makes many values; ids in order along a picture (sky, tree, road) make slopes too, but few.</summary>
    private static bool IsSoft(DataSetFacts facts, LabelFacts label) =>
        label.SoftEdges >= Soft && label.Values.Length > Math.Max(8, facts.Classes is int classes ? Math.Min(classes + 2, 200) : 0);

    /// <summary>Most values are far from the next; one that strayed among ids is not enough.</summary>
    private static bool IsSparse(int[] values)
    {
        int[] steps = [.. values.Zip(values.Skip(1), (a, b) => b - a).Order()];
        return steps.Length == 0 || steps[(steps.Length - 1) / 2] >= 3;
    }
}
