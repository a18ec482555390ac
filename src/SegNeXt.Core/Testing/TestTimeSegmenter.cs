namespace SegNeXt.Core;

/// <summary>
/// Test-time strategies over any engine: the picture whole or in windows, at one or several scales, mirrored or not,
/// number for number as the released code's <c>EncoderDecoder</c> and <c>aug_test</c> do it.
/// </summary>
/// <remarks>
/// For each scale and mirror image: the picture is resized (8 bit), its logits are resized to that size, then
/// to the picture's, softmax, mirrored back; the softmax outputs are averaged. Windows' logits are averaged before the
/// second resize. Scores of the whole picture are held only where the result or the averaging needs them.
/// </remarks>
/// <param name="segmenter">The network; not disposed.</param>
/// <param name="options">The strategy.</param>
public sealed class TestTimeSegmenter(ISegmenter segmenter, TestOptions options)
{
    private readonly ISegmenter _segmenter = segmenter ?? throw new ArgumentNullException(nameof(segmenter));
    private readonly TestOptions _options = Checked(options);

    /// <summary>Segments one picture. Not for several threads at once unless the engine says so.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="wanted">What to hand back, at the picture's size.</param>
    /// <param name="cancellation">Ends the work between two runs of the network.</param>
    /// <exception cref="InputException">
    /// Logits are wanted of several scales or mirror images, or scores of a picture too large for one array.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Prediction Predict(RgbImage image, PredictOutputs wanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        bool single = _options.Scales.Length == 1 && !_options.Flip;
        if (!single && wanted.HasFlag(PredictOutputs.Logits))
        {
            throw new InputException("Logits exist for a single scale without flip only; several are averaged after softmax.");
        }

        cancellation.ThrowIfCancellationRequested();
        return single ? PredictSingle(image, wanted, cancellation) : PredictAveraged(image, wanted, cancellation);
    }

    private Prediction PredictSingle(RgbImage image, PredictOutputs wanted, CancellationToken cancellation)
    {
        RgbImage input = Resize(image, _options.Scales[0]);
        bool sameSize = input.Width == image.Width && input.Height == image.Height;
        if (wanted == PredictOutputs.Ids && _options.Mode == TestMode.Whole && sameSize)
        {
            return new Prediction(_segmenter.Segment(input), null, null);
        }

        LogitMap logits = InputLogits(input, cancellation);
        LabelMap? ids = wanted.HasFlag(PredictOutputs.Ids) ? LogitResize.ArgMax(logits, image.Height, image.Width, _options.Threads) : null;
        if ((wanted & (PredictOutputs.Logits | PredictOutputs.Probabilities)) == 0)
        {
            return new Prediction(ids, null, null);
        }

        logits = LogitResize.Bilinear(logits, image.Height, image.Width, _options.Threads);
        LogitMap? probabilities = null;
        if (wanted.HasFlag(PredictOutputs.Probabilities))
        {
            probabilities = wanted.HasFlag(PredictOutputs.Logits)
                ? new LogitMap(logits.Classes, logits.Height, logits.Width, (float[])logits.Values.Clone())
                : logits;
            ScoreMaps.Softmax(probabilities, _options.Threads);
        }

        return new Prediction(ids, probabilities, wanted.HasFlag(PredictOutputs.Logits) ? logits : null);
    }

    private Prediction PredictAveraged(RgbImage image, PredictOutputs wanted, CancellationToken cancellation)
    {
        LogitMap? sum = null;
        int count = 0;
        foreach (double scale in _options.Scales)
        {
            RgbImage input = Resize(image, scale);
            foreach (bool mirrored in _options.Flip ? (bool[])[false, true] : [false])
            {
                LogitMap scores = InputLogits(mirrored ? Pictures.Mirror(input) : input, cancellation);
                scores = LogitResize.Bilinear(scores, image.Height, image.Width, _options.Threads);
                ScoreMaps.Softmax(scores, _options.Threads);
                if (sum is null)
                {
                    sum = scores;
                }
                else
                {
                    ScoreMaps.Add(sum, scores, mirrored, _options.Threads);
                }

                count++;
            }
        }

        ScoreMaps.Divide(sum!, count, _options.Threads);
        return new Prediction(
            wanted.HasFlag(PredictOutputs.Ids) ? LogitResize.ArgMax(sum!, image.Height, image.Width, _options.Threads) : null,
            wanted.HasFlag(PredictOutputs.Probabilities) ? sum : null,
            null);
    }

    private RgbImage Resize(RgbImage image, double scale)
    {
        ((int Width, int Height) fitted, (int Width, int Height) final) = _options.SizeFor(image.Width, image.Height, scale);
        return To(To(image, fitted), final);

        static RgbImage To(RgbImage picture, (int Width, int Height) size) =>
            picture.Width == size.Width && picture.Height == size.Height ? picture : ImageResize.Bilinear(picture, size.Width, size.Height);
    }

    /// <summary>Logits at the size of what the network was given; a map of its own that may be written to.</summary>
    private LogitMap InputLogits(RgbImage input, CancellationToken cancellation)
    {
        if (_options.Mode == TestMode.Whole)
        {
            cancellation.ThrowIfCancellationRequested();
            return LogitResize.Bilinear(_segmenter.Forward(input), input.Height, input.Width, _options.Threads);
        }

        IReadOnlyList<SlideWindow> windows = SlideWindows.Place(input.Width, input.Height, _options);
        LogitMap? sum = null;
        foreach (SlideWindow window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            LogitMap logits = _segmenter.Forward(Pictures.Cut(input, window));
            logits = LogitResize.Bilinear(logits, window.Height, window.Width, _options.Threads);
            if (windows.Count == 1)
            {
                return logits;
            }

            sum ??= Zeros(logits.Classes, input.Height, input.Width);
            ScoreMaps.AddWindow(sum, logits, window.X, window.Y, _options.Threads);
        }

        ScoreMaps.Divide(sum!, Cover(windows, input.Height, vertical: true), Cover(windows, input.Width, vertical: false), _options.Threads);
        return sum!;
    }

    /// <summary>How many windows of one column (or row) of windows cover each row (or column) of the picture.</summary>
    private static int[] Cover(IReadOnlyList<SlideWindow> windows, int side, bool vertical)
    {
        int[] counts = new int[side];
        foreach ((int start, int length) in windows.Select(w => vertical ? (w.Y, w.Height) : (w.X, w.Width)).Distinct())
        {
            foreach (ref int count in counts.AsSpan(start, length))
            {
                count++;
            }
        }

        return counts;
    }

    private static LogitMap Zeros(int classes, int height, int width)
    {
        float[] values = LogitResize.Allocate(classes, height, width);
        Array.Clear(values);
        return new LogitMap(classes, height, width, values);
    }

    private static TestOptions Checked(TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }
}
