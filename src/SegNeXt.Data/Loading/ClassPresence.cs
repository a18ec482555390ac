using System.Collections;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Which classes are in which images of a data set: a bit for each pair.</summary>
public sealed class ClassPresence
{
    private readonly BitArray[] _images;
    private readonly int[] _counts;

    private ClassPresence(BitArray[] images, int classes)
    {
        _images = images;
        _counts = [.. Enumerable.Range(0, classes).Select(c => images.Count(image => image[c]))];
    }

    /// <summary>Number of images.</summary>
    public int Images => _images.Length;

    /// <summary>Number of classes K.</summary>
    public int Classes => _counts.Length;

    /// <summary>Reads all labels, in parallel.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InputException">A label cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static ClassPresence Count(ISegmentationDataSet data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var images = new BitArray[data.Count];
        Faults.First(data.Count, (i, _) => images[i] = ClassesIn(data.LoadLabel(i), data.Classes.Count), cancellationToken);
        return new ClassPresence(images, data.Classes.Count);
    }

    /// <summary>Whether a class has at least one pixel in an image.</summary>
    /// <param name="image">0 to <see cref="Images"/> − 1.</param>
    /// <param name="classId">0 to <see cref="Classes"/> − 1.</param>
    public bool Has(int image, int classId) => _images[image][classId];

    /// <summary>The share of the images that have a class, 0 to 1.</summary>
    /// <param name="classId">0 to <see cref="Classes"/> − 1.</param>
    public double Share(int classId) => (double)_counts[classId] / Images;

    private static BitArray ClassesIn(LabelMap label, int classes)
    {
        Span<bool> seen = stackalloc bool[256];
        seen.Clear();
        foreach (byte id in label.Ids)
        {
            seen[id] = true;
        }

        return new BitArray(seen[..classes].ToArray());
    }
}
