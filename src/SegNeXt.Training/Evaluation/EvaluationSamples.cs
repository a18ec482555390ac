using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// Watches an evaluation and keeps the images worth seeing: the worst and the best by <see cref="ImageScore.MeanIoU"/> and
/// a few spread evenly over the data set, which are the same at every evaluation. They are kept small (the longer side
/// <see cref="LongestSide"/> at most), so that memory does not depend on the number of images or on their size.
/// </summary>
public sealed class EvaluationSamples
{
    /// <summary>The longer side of a picture that is kept, in pixels.</summary>
    public const int LongestSide = 640;

    private const int WorstWanted = 4;
    private const int BestWanted = 3;
    private const int SpreadWanted = 4;

    private readonly ISegmentationDataSet _data;
    private readonly HashSet<int> _spreadIndices;
    private readonly List<EvaluationSample> _worst = [];
    private readonly List<EvaluationSample> _best = [];
    private readonly List<EvaluationSample> _spread = [];
    private int _scored;

    /// <summary>Prepares for an evaluation of a data set.</summary>
    /// <param name="data">The data set, for its names and its length.</param>
    public EvaluationSamples(ISegmentationDataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        _spreadIndices = [.. Enumerable.Range(0, SpreadWanted).Select(i => (int)((i + 0.5) * data.Count / SpreadWanted))];
    }

    /// <summary>Worst first. With few images none is among the best too.</summary>
    internal IReadOnlyList<EvaluationSample> Worst => [.. _worst.Take(Math.Min(WorstWanted, _scored - (_scored / 2)))];

    /// <summary>Best first.</summary>
    internal IReadOnlyList<EvaluationSample> Best => [.. _best.Take(Math.Min(BestWanted, _scored / 2))];

    /// <summary>The evenly spread ones, in the data set's order.</summary>
    internal IReadOnlyList<EvaluationSample> Spread => _spread;

    /// <summary>Looks at one image; the calls come in the data set's order.</summary>
    /// <param name="index">Its index in the data set.</param>
    /// <param name="sample">Picture and truth.</param>
    /// <param name="prediction">What was predicted, of the picture's size.</param>
    public void Take(int index, Sample sample, LabelMap prediction)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(prediction);
        ImageScore score = ImageScore.Of(prediction, sample.Label);
        EvaluationSample? small = null;
        EvaluationSample Small() => small ??= EvaluationSample.Create(_data.Name(index), score, sample, prediction) with { Index = index };
        if (_spreadIndices.Contains(index))
        {
            _spread.Add(Small());
        }

        if (double.IsFinite(score.MeanIoU))
        {
            _scored++;
            Insert(_worst, WorstWanted, score.MeanIoU, ascending: true, Small);
            Insert(_best, BestWanted, score.MeanIoU, ascending: false, Small);
        }
    }

    /// <summary>Makes what ranks kept of their shares of a data set into what one would have kept of all of it.</summary>
    /// <param name="ranks">The ranks, each of which calls this.</param>
    internal void Gather(Ranks ranks)
    {
        if (!ranks.IsTogether)
        {
            return;
        }

        // Only what may be among the worst or the best of all travels.
        double[] bounds = ranks.Bounds(_worst.Select(Mean), _best.Select(Mean), WorstWanted, BestWanted);
        EvaluationSample[] own = [.. _worst.Where(sample => Mean(sample) <= bounds[0]).Concat(_best.Where(sample => Mean(sample) >= bounds[1])).Concat(_spread).DistinctBy(sample => sample.Index)];
        EvaluationSample[] all = [.. ranks.Gather(SampleExchange.ToBytes(own)).SelectMany(SampleExchange.FromBytes).OrderBy(sample => sample.Index)];
        _scored = (int)ranks.Sum(_scored);
        _worst.Clear();
        _best.Clear();
        _spread.Clear();
        foreach (EvaluationSample sample in all)
        {
            if (_spreadIndices.Contains(sample.Index))
            {
                _spread.Add(sample);
            }

            if (double.IsFinite(Mean(sample)))
            {
                Insert(_worst, WorstWanted, Mean(sample), ascending: true, () => sample);
                Insert(_best, BestWanted, Mean(sample), ascending: false, () => sample);
            }
        }
    }

    private static double Mean(EvaluationSample sample) => sample.Score.MeanIoU;

    /// <summary>Keeps the list sorted and short; of equals the earlier image stays in front.</summary>
    private static void Insert(List<EvaluationSample> list, int limit, double value, bool ascending, Func<EvaluationSample> create)
    {
        int place = list.Count;
        while (place > 0 && (ascending ? list[place - 1].Score.MeanIoU > value : list[place - 1].Score.MeanIoU < value))
        {
            place--;
        }

        if (place == limit)
        {
            return;
        }

        list.Insert(place, create());
        if (list.Count > limit)
        {
            list.RemoveAt(limit);
        }
    }
}

/// <summary>One image of an evaluation, made small.</summary>
/// <param name="Name">What the data set calls it.</param>
/// <param name="Score">Figures of the whole image.</param>
/// <param name="Image">The picture.</param>
/// <param name="Truth">The truth, of the picture's size.</param>
/// <param name="Prediction">The prediction, of the picture's size.</param>
internal sealed record EvaluationSample(string Name, ImageScore Score, RgbImage Image, LabelMap Truth, LabelMap Prediction)
{
    // Values of an error map, and their colours.
    private const byte Right = 0;
    private const byte Wrong = 1;
    private const byte Unlabelled = 2;

    // Of a colour in the picture of the errors, the rest is the picture's grey.
    private const int RightShare = 110;
    private const int OtherShare = 190;

    /// <summary>Its place in the data set.</summary>
    public int Index { get; init; }

    /// <summary>Colours of <see cref="ErrorPicture"/>: right, wrong, without a label.</summary>
    public static int[] ErrorPalette { get; } = [0xC9CCCE, 0xE0341C, 0x30363C];

    public static EvaluationSample Create(string name, ImageScore score, Sample sample, LabelMap prediction)
    {
        (int width, int height) = (sample.Image.Width, sample.Image.Height);
        double factor = Math.Min(1.0, EvaluationSamples.LongestSide / (double)Math.Max(width, height));
        width = Math.Max(1, (int)Math.Round(width * factor));
        height = Math.Max(1, (int)Math.Round(height * factor));
        return new EvaluationSample(
            name,
            score,
            Shrink(sample.Image, width, height),
            ImageResize.Nearest(sample.Label, width, height),
            ImageResize.Nearest(prediction, width, height));
    }

    /// <summary>Where the prediction is right and where it is not, as ids of <see cref="ErrorPalette"/>.</summary>
    public LabelMap Errors()
    {
        LabelMap errors = new(Truth.Width, Truth.Height);
        for (int i = 0; i < errors.Ids.Length; i++)
        {
            errors.Ids[i] = Truth.Ids[i] == LabelMap.Ignore ? Unlabelled : Truth.Ids[i] == Prediction.Ids[i] ? Right : Wrong;
        }

        return errors;
    }

    /// <summary>The picture in grey, red where the prediction is wrong, dark where there is no label.</summary>
    public RgbImage ErrorPicture()
    {
        RgbImage grey = new(Image.Width, Image.Height);
        for (int p = 0; p < grey.Pixels.Length; p += 3)
        {
            // Rec. 601.
            int luma = ((299 * Image.Pixels[p]) + (587 * Image.Pixels[p + 1]) + (114 * Image.Pixels[p + 2])) / 1000;
            grey.Pixels.AsSpan(p, 3).Fill((byte)luma);
        }

        LabelMap errors = Errors();
        for (int i = 0; i < errors.Ids.Length; i++)
        {
            int share = errors.Ids[i] == Right ? RightShare : OtherShare;
            int color = ErrorPalette[errors.Ids[i]];
            for (int channel = 0; channel < 3; channel++)
            {
                int value = grey.Pixels[(3 * i) + channel];
                grey.Pixels[(3 * i) + channel] = (byte)(value + (((((color >> (16 - (8 * channel))) & 255) - value) * share) / 255));
            }
        }

        return grey;
    }

    /// <summary>By halves, each the mean of four pixels, as long as it goes; the bilinear resize alone would skip pixels.</summary>
    private static RgbImage Shrink(RgbImage image, int width, int height)
    {
        while (image.Width >= 2 * width && image.Height >= 2 * height)
        {
            image = ImageResize.Bilinear(image, image.Width / 2, image.Height / 2);
        }

        return ImageResize.Bilinear(image, width, height);
    }
}
