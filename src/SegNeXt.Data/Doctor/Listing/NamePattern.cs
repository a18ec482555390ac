using System.Text.RegularExpressions;

namespace SegNeXt.Data;

/// <summary>
/// Finds the rule behind labels that are not called as their pictures are: <c>street_mask.png</c> for <c>street.jpg</c>,
/// <c>0001.png</c> for <c>1.jpg</c>.
/// </summary>
/// <param name="Images">The picture of each label that the rule covers, by name.</param>
/// <param name="Rule">The rule in words.</param>
/// <param name="LabelSuffix">What all these labels have behind the picture's name; empty where the rule is another one.</param>
/// <param name="LabelPrefix">What all these labels have before the picture's name; empty where the rule is another one.</param>
internal sealed partial record NamePattern(IReadOnlyDictionary<string, string> Images, string Rule, string LabelSuffix, string LabelPrefix)
{
    /// <summary>The rule by which most of the labels have a picture, or null.</summary>
    /// <param name="images">Names of pictures without a label.</param>
    /// <param name="labels">Names of labels without a picture.</param>
    public static NamePattern? Find(IReadOnlyCollection<string> images, IReadOnlyCollection<string> labels)
    {
        if (images.Count == 0 || labels.Count == 0)
        {
            return null;
        }

        return Affix(images, labels)
            ?? By(images, labels, name => name.ToUpperInvariant(), "differ in upper and lower case")
            ?? By(images, labels, Core, "have other endings or beginnings")
            ?? By(images, labels, name => LeadingZeros().Replace(Core(name), ""), "count with another number of zeros");
    }

    /// <summary>A name without the words that say picture or label.</summary>
    public static string Core(string name)
    {
        string core = name.ToUpperInvariant();
        while (true)
        {
            string shorter = RoleBehind().Replace(RoleBefore().Replace(core, ""), "");
            if (shorter.Length == 0 || shorter == core)
            {
                return core;
            }

            core = shorter;
        }
    }

    /// <summary>One and the same text behind or before the picture's name.</summary>
    private static NamePattern? Affix(IReadOnlyCollection<string> images, IReadOnlyCollection<string> labels)
    {
        HashSet<string> known = [.. images];
        foreach (bool behind in new[] { true, false })
        {
            Dictionary<string, int> affixes = [];
            foreach (string label in labels)
            {
                for (int length = 1; length < label.Length; length++)
                {
                    if (known.Contains(behind ? label[..length] : label[^length..]))
                    {
                        string affix = behind ? label[length..] : label[..^length];
                        affixes[affix] = affixes.GetValueOrDefault(affix) + 1;
                    }
                }
            }

            // Of equally frequent ones the longest: a picture's name may begin another one's.
            string? best = affixes.OrderByDescending(a => a.Value).ThenByDescending(a => a.Key.Length).Select(a => a.Key).FirstOrDefault();
            if (best is null || !IsMost(affixes[best], images, labels) || best.All(char.IsAsciiDigit))
            {
                continue;
            }

            Dictionary<string, string> pairs = labels
                .Where(label => behind ? label.EndsWith(best, StringComparison.Ordinal) : label.StartsWith(best, StringComparison.Ordinal))
                .Select(label => (Label: label, Image: behind ? label[..^best.Length] : label[best.Length..]))
                .Where(pair => known.Contains(pair.Image))
                .ToDictionary(pair => pair.Label, pair => pair.Image, StringComparer.Ordinal);
            return new NamePattern(pairs, behind ? $"end in '{best}'" : $"begin with '{best}'", behind ? best : "", behind ? "" : best);
        }

        return null;
    }

    private static NamePattern? By(IReadOnlyCollection<string> images, IReadOnlyCollection<string> labels, Func<string, string> key, string rule)
    {
        Dictionary<string, string> unique = images.GroupBy(key).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First());
        Dictionary<string, string> pairs = labels.GroupBy(key)
            .Where(group => group.Count() == 1 && unique.ContainsKey(group.Key))
            .ToDictionary(group => group.First(), group => unique[group.Key], StringComparer.Ordinal);
        return IsMost(pairs.Count, images, labels) ? new NamePattern(pairs, rule, "", "") : null;
    }

    /// <summary>At least half of the fewer ones: by chance not even one of a few is met.</summary>
    private static bool IsMost(int count, IReadOnlyCollection<string> images, IReadOnlyCollection<string> labels) =>
        count > 0 && 2 * count >= Math.Min(images.Count, labels.Count);

    private const string Roles = "IMAGES?|IMG|PICTURE|PHOTO|RGB|SAT|LEFTIMG8BIT|LABELS?|LABELIDS|LABELTRAINIDS|GTFINE|GTCOARSE|MASKS?|GT|SEG|SEGMENTATION|SEGMAP|ANNOTATIONS?|ANN|ANNO|GROUNDTRUTH|TARGET|TRUTH|ID|IDS";

    [GeneratedRegex("[-_. ]+(" + Roles + ")$")]
    private static partial Regex RoleBehind();

    [GeneratedRegex("^(" + Roles + ")[-_. ]+")]
    private static partial Regex RoleBefore();

    [GeneratedRegex("(?<![0-9])0+(?=[0-9])")]
    private static partial Regex LeadingZeros();
}
