using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Looks over a data set before hours are spent on it.</summary>
public static class DataSetCheck
{
    /// <summary>
    /// Reads the headers of all files in parallel: every picture and label must be a readable format and of one size.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="labelValues">Whether all labels are decoded too, and their values checked.</param>
    /// <param name="most">Number of faults to report at most.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The faults of the first samples that have one, a sentence each; empty if all is well.</returns>
    public static IReadOnlyList<string> Quick(
        ISegmentationDataSet data, bool labelValues = false, int most = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return [.. Faults.Collect(data.Count, (i, _) => CheckSample(data, i, labelValues), most, cancellationToken).Select(fault => fault.Message)];
    }

    /// <summary>As <see cref="Quick"/>, but the first fault is thrown.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="labelValues">Whether all labels are decoded too, and their values checked.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="InputException">The fault of the first sample that has one.</exception>
    public static void Require(ISegmentationDataSet data, bool labelValues = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Faults.First(data.Count, (i, _) => CheckSample(data, i, labelValues), cancellationToken);
    }

    /// <summary>Refuses a label of another size than its picture.</summary>
    internal static void RequireSameSize(string image, (int Width, int Height) imageSize, string label, (int Width, int Height) labelSize)
    {
        if (imageSize != labelSize)
        {
            throw new InputException(
                $"{image} has {imageSize.Width}×{imageSize.Height} pixels, but its label {label} has {labelSize.Width}×{labelSize.Height}.");
        }
    }

    private static void CheckSample(ISegmentationDataSet data, int index, bool labelValues)
    {
        (string image, string label) = data.Paths(index);
        RequireSameSize(image, ImageFile.ReadSize(image), label, ImageFile.ReadSize(label));
        if (labelValues)
        {
            data.LoadLabel(index);
        }
    }
}
