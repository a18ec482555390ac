using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Looks at every batch and its loss: a loss that is no number ends the run, with what it was computed from, and labels
/// without a single labelled pixel, many batches in a row, are told of once.
/// </summary>
/// <remarks>
/// On the CPU every loss is read at once. Reading one from a GPU waits for it, so there losses are read every
/// <see cref="DevicePeriod"/> iterations, and before anything is logged or saved.
/// </remarks>
internal sealed class LossGuard : IDisposable
{
    /// <summary>Iterations between two looks at a device that computes beside the program.</summary>
    public const int DevicePeriod = 10;

    /// <summary>Batches in a row without a labelled pixel that are worth a warning.</summary>
    public const int EmptyBatches = 20;

    private const int MostNames = 16;

    private readonly Func<int, string> _fileOf;
    private readonly bool _immediate;
    private readonly Action<string> _warn;
    private readonly List<Entry> _pending = [];
    private bool _isRead;
    private int _empty;
    private bool _warned;

    /// <summary>Creates the guard of a run.</summary>
    /// <param name="fileOf">A sample's file, by its index in the data set.</param>
    /// <param name="device">Where losses are computed.</param>
    /// <param name="warn">Takes a warning.</param>
    public LossGuard(Func<int, string> fileOf, Device device, Action<string> warn)
    {
        _fileOf = fileOf;
        _immediate = device.Type == DeviceType.Cpu;
        _warn = warn;
    }

    /// <summary>Whether losses are to be read after an iteration even if nobody wants to know them.</summary>
    /// <param name="iteration">Its number, from 0.</param>
    public bool IsDue(int iteration) => _immediate || (iteration + 1) % DevicePeriod == 0;

    /// <summary>Takes a batch and its share of an iteration's loss.</summary>
    /// <param name="iteration">Its number, from 0.</param>
    /// <param name="batch">The batch; what is needed of it is copied.</param>
    /// <param name="learningRate">The iteration's rate.</param>
    /// <param name="loss">A scalar; what is needed of it is kept.</param>
    public void Add(int iteration, Batch batch, double learningRate, Tensor loss)
    {
        if (_isRead)
        {
            Forget();
        }

        bool labelled = batch.Labels.Length == 0
            || batch.Labels.AsSpan(0, batch.Count * batch.Height * batch.Width).ContainsAnyExcept((byte)LabelMap.Ignore);
        int[] indices = batch.Indices[..batch.Count];
        CountEmpty(labelled, indices);
        Tensor? kept = null;
        double value = 0;
        if (_immediate)
        {
            value = loss.Item();
        }
        else
        {
            kept = loss.Detach().KeepAlive();
        }

        _pending.Add(new Entry(iteration, indices, labelled, learningRate, value, kept));
    }

    /// <summary>Reads the losses taken since the last time.</summary>
    /// <returns>The loss of the last iteration among them, 0 if there is none.</returns>
    /// <exception cref="InputException">One is infinite or NaN.</exception>
    public double Read()
    {
        _isRead = true;
        double sum = 0;
        for (int i = 0; i < _pending.Count; i++)
        {
            Entry entry = _pending[i];
            double value = entry.Loss?.Item() ?? entry.Value;
            if (!double.IsFinite(value))
            {
                throw Fault($"The loss is {Word(value)}", entry.Iteration, [entry]);
            }

            sum = i > 0 && _pending[i - 1].Iteration == entry.Iteration ? sum + value : value;
        }

        return sum;
    }

    /// <summary>The error for a gradient that is no number although the loss of the last iteration is one.</summary>
    /// <param name="norm">Its norm.</param>
    public InputException GradientFault(double norm) =>
        Fault($"The gradient's norm is {Word(norm)}", _pending[^1].Iteration, [.. _pending.Where(entry => entry.Iteration == _pending[^1].Iteration)]);

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private static string Word(double value) => double.IsNaN(value) ? "NaN" : "infinite";

    private InputException Fault(string what, int iteration, Entry[] entries)
    {
        int[] indices = [.. entries.SelectMany(entry => entry.Indices)];
        string labels = entries.Any(entry => entry.Labelled) ? "" : ", none of whose pixels has a label";
        return new InputException(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} at iteration {iteration + 1}, learning rate {entries[0].LearningRate:0.###e+0}, on {Names(indices)}{labels}; look the data over with `segnext doctor`, lower train.lr, or set train.clip_norm."));
    }

    private void CountEmpty(bool labelled, int[] indices)
    {
        _empty = labelled ? 0 : _empty + 1;
        if (_empty == EmptyBatches && !_warned)
        {
            _warned = true;
            _warn($"{EmptyBatches} batches in a row had not one labelled pixel (all are 255), lately those of {Names(indices)}: nothing is learned from them; look the labels over with `segnext doctor`.");
        }
    }

    private string Names(int[] indices)
    {
        string[] names = [.. indices.Distinct().Select(index => Path.GetFileName(_fileOf(index)))];
        string more = names.Length > MostNames ? $" and {names.Length - MostNames} more" : "";
        return string.Join(", ", names.Take(MostNames)) + more;
    }

    private void Forget()
    {
        foreach (Entry entry in _pending)
        {
            entry.Loss?.Dispose();
        }

        _pending.Clear();
        _isRead = false;
    }

    private sealed record Entry(int Iteration, int[] Indices, bool Labelled, double LearningRate, double Value, Tensor? Loss);
}
