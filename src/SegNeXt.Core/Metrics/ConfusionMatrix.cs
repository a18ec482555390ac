using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegNeXt.Core;

/// <summary>
/// Counts, over any number of pictures, how often a pixel of each labelled class was given each predicted class; all
/// metrics are computed from it. Its size does not depend on the number of pictures.
/// </summary>
/// <remarks>
/// Pixels labelled 255 (<see cref="LabelMap.Ignore"/>) count nowhere. As in the released evaluation, a labelled or
/// predicted value outside the classes is no error: such a pixel counts only on its other side, in the predicted or
/// the labelled area; <see cref="OutsideLabels"/> and <see cref="OutsidePredictions"/> tell how many there were.
/// Not safe for several threads at once: give each thread or process its own and <see cref="Merge"/> them.
/// </remarks>
public sealed class ConfusionMatrix
{
    private const int Values = 256;

    // Every pair of bytes has its counter, [label as stored, prediction]: no pixel needs a comparison or a table.
    private readonly long[] _counts = new long[Values * Values];
    private readonly int _firstLabel;

    /// <summary>Creates an empty matrix.</summary>
    /// <param name="classes">Number of classes K, 1 to 255; to 254 with <paramref name="reduceZeroLabel"/>.</param>
    /// <param name="reduceZeroLabel">
    /// Whether stored labels count from 1 with 0 for ignored pixels, as ADE20K's: 0 becomes 255, any other is lowered
    /// by one, 255 stays. Predictions are not changed.
    /// </param>
    public ConfusionMatrix(int classes, bool reduceZeroLabel = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, reduceZeroLabel ? 254 : 255);
        Classes = classes;
        ReduceZeroLabel = reduceZeroLabel;
        _firstLabel = reduceZeroLabel ? 1 : 0;
    }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>Whether labels are lowered by one before counting.</summary>
    public bool ReduceZeroLabel { get; }

    /// <summary>
    /// All counters, 256 × 256, in an order that depends on nothing: for adding up, or exchanging, those of matrices of the same
    /// classes and labels.
    /// </summary>
    public Span<long> Counters => _counts;

    /// <summary>Pixels that count: labelled, not 255.</summary>
    public long Pixels => Enumerable.Range(0, Classes).Sum(RowTotal) + OutsideLabels;

    /// <summary>Pixels whose label is neither a class nor 255; a sign of a wrong data set or number of classes.</summary>
    public long OutsideLabels
    {
        get
        {
            long sum = 0;
            for (int stored = _firstLabel + Classes; stored < LabelMap.Ignore; stored++)
            {
                sum += RowTotal(stored - _firstLabel);
            }

            return sum;
        }
    }

    /// <summary>Pixels with a label whose prediction is none of the classes.</summary>
    public long OutsidePredictions
    {
        get
        {
            long sum = 0;
            for (int stored = _firstLabel; stored < LabelMap.Ignore; stored++)
            {
                sum += Sum(_counts.AsSpan(((stored * Values) + Classes)..((stored + 1) * Values)));
            }

            return sum;
        }
    }

    /// <summary>Number of pixels labelled <paramref name="label"/> and predicted <paramref name="prediction"/>.</summary>
    /// <param name="label">Class of the label, 0 to K − 1.</param>
    /// <param name="prediction">Predicted class, 0 to K − 1.</param>
    public long this[int label, int prediction]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, Classes);
            ArgumentOutOfRangeException.ThrowIfNegative(prediction);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(prediction, Classes);
            return _counts[((label + _firstLabel) * Values) + prediction];
        }
    }

    /// <summary>Counts one picture.</summary>
    /// <param name="prediction">Predicted class ids.</param>
    /// <param name="label">True class ids of the same size, 255 where ignored.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public void Add(LabelMap prediction, LabelMap label)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(label);
        if (prediction.Width != label.Width || prediction.Height != label.Height)
        {
            throw new ArgumentException(
                $"The prediction has {prediction.Width}×{prediction.Height} pixels, the label {label.Width}×{label.Height}.", nameof(label));
        }

        Count(prediction.Ids, label.Ids);
    }

    /// <summary>Adds what another matrix counted.</summary>
    /// <param name="other">Of the same classes and label rule; not changed.</param>
    /// <exception cref="ArgumentException">The number of classes or the label rule differs.</exception>
    public void Merge(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Classes != Classes || other.ReduceZeroLabel != ReduceZeroLabel)
        {
            throw new ArgumentException("The matrices count different classes.", nameof(other));
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <summary>
    /// The counters as numbers, to be added across processes: <c>[K + 1, K + 1]</c>, rows are labels, columns
    /// predictions, the last of each holds values outside the classes. <see cref="AddCounts"/> takes them back.
    /// </summary>
    public long[] ToCounts()
    {
        int side = Classes + 1;
        long[] result = new long[side * side];
        for (int stored = _firstLabel; stored < LabelMap.Ignore; stored++)
        {
            int row = Math.Min(stored - _firstLabel, Classes);
            Span<long> target = result.AsSpan(row * side, side);
            ReadOnlySpan<long> source = _counts.AsSpan(stored * Values, Values);
            for (int prediction = 0; prediction < Values; prediction++)
            {
                target[Math.Min(prediction, Classes)] += source[prediction];
            }
        }

        return result;
    }

    /// <summary>Adds counters that <see cref="ToCounts"/> gave, or sums of such.</summary>
    /// <param name="counts"><c>[K + 1, K + 1]</c>.</param>
    /// <exception cref="ArgumentException">There are not (K + 1)² numbers, or one is negative or has no place.</exception>
    public void AddCounts(ReadOnlySpan<long> counts)
    {
        int side = Classes + 1;
        if (counts.Length != side * side)
        {
            throw new ArgumentException($"{side}×{side} numbers are needed, there are {counts.Length}.", nameof(counts));
        }

        // With 255 classes (254 where labels are lowered) no stored label is left to stand for one outside.
        int rows = Math.Min(side, LabelMap.Ignore - _firstLabel);
        if (counts.ContainsAnyInRange(long.MinValue, -1) || counts[(rows * side)..].ContainsAnyExcept(0L))
        {
            throw new ArgumentException("The numbers are not those of a matrix of these classes.", nameof(counts));
        }

        for (int row = 0; row < rows; row++)
        {
            Span<long> target = _counts.AsSpan((row + _firstLabel) * Values, Values);
            for (int column = 0; column < side; column++)
            {
                target[column] += counts[(row * side) + column];
            }
        }
    }

    /// <summary>
    /// The matrix as shares of each labelled class, <c>[K, K]</c>: index <c>label · K + prediction</c>, each in [0, 1];
    /// NaN in the rows of classes without labelled pixels.
    /// </summary>
    public double[] NormalizeRows()
    {
        double[] result = new double[Classes * Classes];
        for (int label = 0; label < Classes; label++)
        {
            double total = RowTotal(label);
            for (int prediction = 0; prediction < Classes; prediction++)
            {
                result[(label * Classes) + prediction] = this[label, prediction] / total;
            }
        }

        return result;
    }

    /// <summary>Computes all metrics from the counts.</summary>
    /// <param name="beta">Weight of recall against precision in <see cref="ClassMetrics.Fscore"/>, above 0.</param>
    public SegmentationMetrics Compute(double beta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        ClassMetrics[] classes = new ClassMetrics[Classes];
        for (int c = 0; c < Classes; c++)
        {
            classes[c] = new ClassMetrics(this[c, c], ColumnTotal(c), RowTotal(c), beta);
        }

        return new SegmentationMetrics(classes);
    }

    private long RowTotal(int label) => Sum(_counts.AsSpan((label + _firstLabel) * Values, Values));

    private long ColumnTotal(int prediction)
    {
        long sum = 0;
        for (int stored = _firstLabel; stored < LabelMap.Ignore; stored++)
        {
            sum += _counts[(stored * Values) + prediction];
        }

        return sum;
    }

    private static long Sum(ReadOnlySpan<long> values)
    {
        long sum = 0;
        foreach (long value in values)
        {
            sum += value;
        }

        return sum;
    }

    private void Count(ReadOnlySpan<byte> predictions, ReadOnlySpan<byte> labels)
    {
        Span<long> counts = _counts;
        ReadOnlySpan<Vector256<byte>> predictionBlocks = MemoryMarshal.Cast<byte, Vector256<byte>>(predictions);
        ReadOnlySpan<Vector256<byte>> labelBlocks = MemoryMarshal.Cast<byte, Vector256<byte>>(labels);
        for (int block = 0; block < labelBlocks.Length; block++)
        {
            // Maps are made of areas: most blocks hold one label and one prediction, and count at once.
            int start = block * Vector256<byte>.Count;
            byte label = labels[start];
            byte prediction = predictions[start];
            if (labelBlocks[block] == Vector256.Create(label) && predictionBlocks[block] == Vector256.Create(prediction))
            {
                counts[(label * Values) + prediction] += Vector256<byte>.Count;
            }
            else
            {
                CountEach(counts, predictions.Slice(start, Vector256<byte>.Count), labels.Slice(start, Vector256<byte>.Count));
            }
        }

        int done = labelBlocks.Length * Vector256<byte>.Count;
        CountEach(counts, predictions[done..], labels[done..]);
    }

    private static void CountEach(Span<long> counts, ReadOnlySpan<byte> predictions, ReadOnlySpan<byte> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            counts[(labels[i] * Values) + predictions[i]]++;
        }
    }
}
