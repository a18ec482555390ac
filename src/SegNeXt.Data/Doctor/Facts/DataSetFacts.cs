using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>All that the checks look at.</summary>
internal sealed class DataSetFacts
{
    /// <summary>Puts together what was read, and counts it.</summary>
    public DataSetFacts(DataSetListing listing, DoctorOptions options, IReadOnlyList<SampleFacts> samples)
    {
        Listing = listing;
        Options = options;
        Samples = samples;
        Images = [.. samples.Where(sample => sample.Image is { Fault: null })];
        Labels = [.. samples.Where(sample => sample.Label is { Fault: null })];
        IdLabels = [.. Labels.Where(sample => sample.Label!.HasIds)];
        foreach (SampleFacts sample in IdLabels)
        {
            foreach ((byte value, int pixels) in sample.Label!.Values)
            {
                ValuePixels[value] += pixels;
                ValueImages[value]++;
            }
        }

        Names = listing.Classes?.Names;
        Classes = Names?.Length ?? options.Classes;
        MaxId = Array.FindLastIndex(ValuePixels, LabelMap.Ignore - 1, pixels => pixels > 0);
    }

    /// <summary>The files.</summary>
    public DataSetListing Listing { get; }

    /// <summary>What was asked.</summary>
    public DoctorOptions Options { get; }

    /// <summary>What was read, split by split, by name.</summary>
    public IReadOnlyList<SampleFacts> Samples { get; }

    /// <summary>Samples whose picture could be read.</summary>
    public IReadOnlyList<SampleFacts> Images { get; }

    /// <summary>Samples whose label could be read, as ids or as colours.</summary>
    public IReadOnlyList<SampleFacts> Labels { get; }

    /// <summary>Samples whose label holds one value a pixel.</summary>
    public IReadOnlyList<SampleFacts> IdLabels { get; }

    /// <summary>Pixels of each value in <see cref="IdLabels"/>, <c>[256]</c>.</summary>
    public long[] ValuePixels { get; } = new long[256];

    /// <summary>Labels with each value, <c>[256]</c>.</summary>
    public int[] ValueImages { get; } = new int[256];

    /// <summary>Names of the classes, or null where there is no list.</summary>
    public string[]? Names { get; }

    /// <summary>Number of classes as listed or configured, or null where it follows from the labels.</summary>
    public int? Classes { get; }

    /// <summary>The largest id below 255, or -1.</summary>
    public int MaxId { get; }

    /// <summary>Number of classes that training would assume.</summary>
    public int ClassCount => Classes ?? MaxId + 1;

    /// <summary>The class's name.</summary>
    public string NameOf(int id) => Names is not null && id < Names.Length ? Names[id] : $"class {id}";

    /// <summary>Whether a split is one that labels are needed for.</summary>
    public bool IsUsed(string split) => split == Options.TrainSplit || split == Options.ValSplit || split == LooseLayout.Undivided;

    /// <summary>A file's path relative to the data set's folder.</summary>
    public string Short(string path) => Path.GetRelativePath(Listing.Root, path);
}
