using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>Decides which pictures are segmented by strips, because they are too large to be held or because that was asked for.</summary>
/// <param name="segmenter">The network.</param>
/// <param name="test">How pictures go through it.</param>
/// <param name="forced">Whether <c>--tile</c> was given.</param>
/// <param name="available">Bytes that the process may use.</param>
internal sealed class StripChoice(ISegmenter segmenter, TestOptions test, bool forced, long available)
{
    /// <summary>Scores that windows of a whole picture are summed up in: from here on they are not kept, since strips give the same ids.</summary>
    private const long LargeScores = 512L << 20;

    /// <summary>A plan for machines like this one.</summary>
    /// <param name="segmenter">The network.</param>
    /// <param name="test">How pictures go through it.</param>
    /// <param name="forced">Whether <c>--tile</c> was given.</param>
    public StripChoice(ISegmenter segmenter, TestOptions test, bool forced)
        : this(segmenter, test, forced, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
    {
    }

    /// <summary>Decides for one picture by its header.</summary>
    /// <param name="plan">The picture and what is wanted of it.</param>
    /// <returns>Null where it is held as usual; otherwise what to tell the user, empty where there is nothing to tell.</returns>
    /// <exception cref="InputException">The header cannot be read; or the picture cannot be held, and what is wanted of it needs that.</exception>
    public string? For(OutputPlan plan)
    {
        (int width, int height) = ImageRows.ReadSize(plan.Input);
        bool possible = StripSegmenter.Supports(test) && plan is { Probabilities: null, Logits: null };
        if (TooLarge(width, height) is { } why)
        {
            if (!possible)
            {
                throw new InputException(
                    $"{plan.Input}: {why}; in windows, by strips, it can be segmented, but without --probabilities, --save-logits, --scales, --flip, --resize and --multiple.");
            }

            Require(plan.Input, width, height);
            return forced || test.Mode == TestMode.Slide
                ? ""
                : $"{plan.Input}: {why}: segmented in windows of {test.CropWidth}×{test.CropHeight}, {test.StrideWidth}×{test.StrideHeight} apart (--mode slide), read and written by strips";
        }

        return forced || (possible && test.Mode == TestMode.Slide && (long)width * height * segmenter.Config.NumClasses * sizeof(float) > LargeScores) ? "" : null;
    }

    private string? TooLarge(int width, int height)
    {
        long limit = ImageReadOptions.Default.MaxPixels;
        if ((long)width * height > limit)
        {
            return $"{width}×{height} pixels are more than the {limit} that are held at once";
        }

        if (test.Mode != TestMode.Whole || !StripSegmenter.Supports(test))
        {
            return null;
        }

        long needed = Needed(width, height);
        return needed > available
            ? string.Create(CultureInfo.InvariantCulture, $"{width}×{height} pixels at once need about {needed / 1e9:0.0} GB of memory, and there are {available / 1e9:0.0}")
            : null;
    }

    private long Needed(int width, int height) =>
        segmenter is FittingSegmenter managed ? managed.WorkingMemoryFor(width, height) : ActivationMemory.Estimate(segmenter.Config, height, width);

    private void Require(string input, int width, int height)
    {
        long needed = StripSegmenter.MemoryFor(width, height, segmenter.Config.NumClasses, test)
            + Needed(Math.Min(width, test.CropWidth), Math.Min(height, test.CropHeight));
        if (needed > available)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{input}: strips of {width} pixels need about {needed / 1e9:0.0} GB of memory, and there are {available / 1e9:0.0}; use smaller windows (--crop, --stride)."));
        }
    }
}
