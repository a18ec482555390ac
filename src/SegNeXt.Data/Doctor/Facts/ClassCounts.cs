using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Pixels and labels of each id in a split, or in all.</summary>
internal sealed class ClassCounts
{
    /// <summary>Pixels of each value, <c>[256]</c>.</summary>
    public long[] Pixels { get; } = new long[256];

    /// <summary>Labels with each value, <c>[256]</c>.</summary>
    public int[] Images { get; } = new int[256];

    /// <summary>Pixels of all labels that have a value, <c>[256]</c>: the ground of the class's frequency.</summary>
    public long[] PixelsOfImages { get; } = new long[256];

    /// <summary>Pixels with a value below 255.</summary>
    public long Labelled { get; private set; }

    /// <summary>Labels counted.</summary>
    public int Labels { get; private set; }

    /// <summary>Counts a split; all for null.</summary>
    public static ClassCounts Of(DataSetFacts facts, string? split)
    {
        ClassCounts counts = new();
        foreach (SampleFacts sample in facts.IdLabels.Where(sample => split is null || sample.Split == split))
        {
            (byte Value, int Pixels)[] values = sample.Label!.Values;
            long labelled = values.Where(value => value.Value != LabelMap.Ignore).Sum(value => (long)value.Pixels);
            counts.Labels++;
            counts.Labelled += labelled;
            foreach ((byte value, int pixels) in values)
            {
                counts.Pixels[value] += pixels;
                counts.Images[value]++;
                counts.PixelsOfImages[value] += labelled;
            }
        }

        return counts;
    }

    /// <summary>A class's part of the labelled pixels, 0 to 1.</summary>
    public double Share(int id) => Labelled == 0 ? 0 : (double)Pixels[id] / Labelled;

    /// <summary>A class's part of the labelled pixels of those labels that have it.</summary>
    public double Frequency(int id) => PixelsOfImages[id] == 0 ? 0 : (double)Pixels[id] / PixelsOfImages[id];
}
