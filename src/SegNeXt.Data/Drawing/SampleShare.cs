using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What is no class.</summary>
internal enum ShareKind
{
    Ignored,
    Padding,
}

/// <summary>A line below a picture: how much of it a class has.</summary>
/// <param name="Name">The class.</param>
/// <param name="Colour">Its colour; null for what has none.</param>
/// <param name="Kind">What it is instead of a class, or null.</param>
/// <param name="Share">Part of the picture with its padding, 0 to 1.</param>
internal sealed record SampleShare(string Name, int? Colour, ShareKind? Kind, double Share)
{
    /// <summary>The share with two digits that count.</summary>
    public string Percent => new LegendEntry(Name, 0, Share).Percent;

    /// <summary>The classes of a picture, the largest first, then what is ignored, then the padding.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="classes">Names and colours.</param>
    /// <param name="most">Classes to list; the rest are one line.</param>
    public static List<SampleShare> Count(SamplePicture picture, ClassSet classes, int most)
    {
        long[] pixels = new long[256];
        long padding = 0;
        for (int i = 0; i < picture.Label.Ids.Length; i++)
        {
            if (picture.IsPadding(i % picture.Label.Width, i / picture.Label.Width))
            {
                padding++;
            }
            else
            {
                pixels[picture.Label.Ids[i]]++;
            }
        }

        double all = picture.Label.Ids.Length;
        List<SampleShare> shares =
        [
            .. Enumerable.Range(0, classes.Count).Where(id => pixels[id] > 0).OrderByDescending(id => pixels[id])
                .Select(id => new SampleShare(classes.Names[id], classes.Palette[id], null, pixels[id] / all)),
        ];
        if (shares.Count > most)
        {
            SampleShare[] rest = [.. shares.Skip(most - 1)];
            shares = [.. shares.Take(most - 1), new SampleShare($"{rest.Length} other classes", null, null, rest.Sum(share => share.Share))];
        }

        if (pixels[LabelMap.Ignore] > 0)
        {
            shares.Add(new SampleShare("ignored (255)", null, ShareKind.Ignored, pixels[LabelMap.Ignore] / all));
        }

        if (padding > 0)
        {
            shares.Add(new SampleShare("padding", null, ShareKind.Padding, padding / all));
        }

        return shares;
    }
}
