using System.Globalization;

namespace SegNeXt.Data;

/// <summary>The pictures' sizes against the crop that is trained on.</summary>
internal sealed class CropCheck : IDoctorCheck
{
    /// <summary>A crop that shows less of a picture than this shows few whole things.</summary>
    private const double SmallPart = 0.08;

    /// <summary>Longest side over the shortest side of all pictures from which on one scale does not fit them all.</summary>
    private const double Varied = 4;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        (int Width, int Height)[] sizes = [.. facts.Images.Where(sample => facts.IsUsed(sample.Split)).Select(sample => (sample.Image!.Width, sample.Image.Height))];
        if (sizes.Length == 0 || facts.Options.Augmentation is not { } options)
        {
            yield break;
        }

        // At ratio 1, the middle of what training draws.
        (int Width, int Height)[] scaled = [.. sizes.Select(size => options.ResizeBaseWidth == 0
            ? size : ResizeRule.KeepRatio(size.Width, size.Height, options.ResizeBaseWidth, options.ResizeBaseHeight))];
        SampleFacts[] train = [.. facts.Images.Where(sample => sample.Split == facts.Options.TrainSplit)];
        SampleFacts[] small = [.. train.Where(sample => IsSmall(sample, options))];
        int width = Median(scaled.Select(size => size.Width));
        int height = Median(scaled.Select(size => size.Height));
        string crop = $"{options.CropHeight}x{options.CropWidth}";
        if (small.Length > 0 && train.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "smaller-than-crop",
                $"{Say.Count(small.Length, "picture")} of {train.Length} to train on {(small.Length == 1 ? "is" : "are")} smaller than the crop of {crop} at ratio 1; the rest of such a crop is padding, from which nothing is learnt.",
                $"Set train.crop={Round(height)}x{Round(width)}, or enlarge the pictures by train.resize.",
                [.. small.Select(sample => new FindingFile(sample.Image!.Path, $"{sample.Image.Width}×{sample.Image.Height}"))]);
        }

        double part = Math.Min(1, (double)options.CropWidth / width) * Math.Min(1, (double)options.CropHeight / height);
        if (part < SmallPart)
        {
            double factor = Math.Sqrt(0.25 * width * height / ((double)options.CropWidth * options.CropHeight));
            yield return new Finding(
                FindingSeverity.Note, "larger-than-crop", $"A crop of {crop} shows {Say.Percent(part)} of a picture of {width}×{height} (the median{(options.ResizeBaseWidth == 0 ? "" : " after train.resize")}); things larger than it are never seen whole.",
                $"Set train.resize={Even(width / factor)}x{Even(height / factor)} and the same for eval.resize, or a larger train.crop; test with eval.mode=slide.", []);
        }

        double longest = sizes.Max(size => Math.Max(size.Width, size.Height));
        double shortest = sizes.Min(size => Math.Max(size.Width, size.Height));
        if (longest / shortest >= Varied && options.ResizeBaseWidth == 0)
        {
            (int Width, int Height) middle = (Median(sizes.Select(size => Math.Max(size.Width, size.Height))), Median(sizes.Select(size => Math.Min(size.Width, size.Height))));
            yield return new Finding(
                FindingSeverity.Note, "sizes-vary", $"The pictures' longer sides go from {shortest.ToString("0", CultureInfo.InvariantCulture)} to {longest.ToString("0", CultureInfo.InvariantCulture)} pixels.",
                $"If that is resolution rather than what they show, bring them to one scale: --set train.resize={middle.Width}x{middle.Height}.", []);
        }
    }

    private static bool IsSmall(SampleFacts sample, AugmentationOptions options)
    {
        (int width, int height) = options.ResizeBaseWidth == 0
            ? (sample.Image!.Width, sample.Image.Height)
            : ResizeRule.KeepRatio(sample.Image!.Width, sample.Image.Height, options.ResizeBaseWidth, options.ResizeBaseHeight);
        return width < options.CropWidth || height < options.CropHeight;
    }

    private static int Median(IEnumerable<int> values)
    {
        int[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Down to a multiple of 32, the network's stride, from 32 to 512.</summary>
    private static int Round(int side) => Math.Clamp(side / 32 * 32, 32, 512);

    private static int Even(double side) => Math.Max(32, (int)(side / 2) * 2);
}
