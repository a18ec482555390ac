using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Prepares batches ahead of the training on threads of its own, endlessly, epoch after epoch. What a sample looks like depends
/// only on the seed and on its place in the run's sequence: the batches are the same for any number of threads and after
/// a resume. Memory is bounded by the batches that are ahead, plus those the caller has not returned, plus the cache.
/// </summary>
/// <remarks><see cref="Next"/> and <see cref="Return"/> are for one consumer thread.</remarks>
public sealed class DataLoader : IDisposable
{
    /// <summary>Far more than any machine needs; far fewer than a system refuses, which ends the process.</summary>
    private const int MaxWorkers = 1024;

    private readonly ITrainingSamples _samples;
    private readonly LoaderOptions _options;
    private readonly EpochOrder _order;
    private readonly Thread[] _workers;

    // All below is guarded by _gate; threads wait on it, for room or for a batch.
    private readonly object _gate = new();
    private readonly Slot[] _slots;
    private readonly Stack<Batch> _free = [];
    private long _nextIteration;
    private int _nextItem;
    private long _consumed;
    private bool _stopped;

    /// <summary>Starts loading samples of a segmentation data set.</summary>
    /// <param name="data">Where samples come from.</param>
    /// <param name="transform">What is done to them.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">The data set is empty, or an option is out of range.</exception>
    public DataLoader(ISegmentationDataSet data, TrainTransform transform, LoaderOptions options)
        : this(Samples(data, transform, options), options)
    {
    }

    /// <summary>Starts loading.</summary>
    /// <param name="samples">What batches are made of.</param>
    /// <param name="options">How; what concerns decoding is the samples' own business.</param>
    /// <exception cref="InputException">There are no samples, or an option is out of range.</exception>
    public DataLoader(ITrainingSamples samples, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        Check(samples, options);
        _samples = samples;
        _options = options;
        _order = new EpochOrder(samples.Count, options.Seed, options.Shuffle, options.RepeatFactors);
        _slots = [.. Enumerable.Range(0, options.Prefetch).Select(_ => new Slot())];
        _nextIteration = _consumed = options.StartIteration;
        int workers = options.Workers > 0 ? options.Workers : Math.Min(ThreadCount.Resolve(null), 8);
        _workers = [.. Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"loader {i}" })];
        foreach (Thread worker in _workers)
        {
            worker.Start();
        }
    }

    /// <summary>Decoded samples in memory.</summary>
    internal int CachedSamples => _samples is SegmentationSamples samples ? samples.Cached : 0;

    /// <summary>The next batch, as soon as it is ready.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A batch that the caller gives back with <see cref="Return"/> when its data are no longer needed.</returns>
    /// <exception cref="InputException">A sample of the batch cannot be loaded; every later call says the same.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    /// <exception cref="ObjectDisposedException">The loader is disposed of.</exception>
    public Batch Next(CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration wake = cancellationToken.Register(WakeAll);
        lock (_gate)
        {
            Slot slot = _slots[_consumed % _slots.Length];
            while (!slot.IsReady)
            {
                ObjectDisposedException.ThrowIf(_stopped, this);
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            ObjectDisposedException.ThrowIf(_stopped, this);
            slot.Fault?.Throw();
            Batch batch = slot.Take();
            _consumed++;
            Monitor.PulseAll(_gate);
            return batch;
        }
    }

    /// <summary>Gives a batch back, so that its arrays are used again.</summary>
    /// <param name="batch">One from <see cref="Next"/>; it must not be used any more.</param>
    public void Return(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            if (!_stopped && !_free.Contains(batch))
            {
                _free.Push(batch);
            }
        }
    }

    /// <summary>Stops the threads; each ends after the sample that it is working on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _free.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (Thread worker in _workers)
        {
            worker.Join();
        }
    }

    private static SegmentationSamples Samples(ISegmentationDataSet data, TrainTransform transform, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(options);
        Require(options.CacheBytes >= 0, "The size of the cache must not be negative", options.CacheBytes);
        return new SegmentationSamples(data, transform, options);
    }

    private static void Check(ITrainingSamples samples, LoaderOptions options)
    {
        if (samples.Count < 1)
        {
            throw new InputException("The data set has no samples.");
        }

        Require(options.Batch >= 1, "The batch must be at least 1", options.Batch);
        Require(options.Workers is >= 0 and <= MaxWorkers, $"The number of loader threads must be 0 to {MaxWorkers}", options.Workers);
        Require(options.Prefetch >= 1, "The number of batches ahead must be at least 1", options.Prefetch);
        Require(options.StartIteration >= 0, "The first iteration must not be negative", options.StartIteration);
        Require(options.WorldSize >= 1, "The number of processes must be at least 1", options.WorldSize);
        Require(options.Rank >= 0 && options.Rank < options.WorldSize, $"The rank must be 0 to {options.WorldSize - 1}", options.Rank);
        Require(options.StartPosition is not < 0, "The first position must not be negative", options.StartPosition ?? 0);
        if (options.StepSamples is { } step && options.FirstSample is { } first && (first < 0 || first + options.Batch > step))
        {
            throw new ArgumentException($"Samples {first} to {first + options.Batch - 1} are not among the {step} of a step.", nameof(options));
        }

        if (options.RepeatFactors is { } factors && (factors.Count != samples.Count || factors.Any(factor => !(factor >= 1))))
        {
            throw new ArgumentException("There must be one repeat factor for each sample, and each must be at least 1.", nameof(options));
        }

        BatchShape largest = samples.Largest;
        if (3L * options.Batch * largest.Height * largest.Width > Array.MaxLength)
        {
            throw new InputException($"A batch of {options.Batch} crops of {largest.Height}×{largest.Width} is too large for one array; make the batch or the crop smaller.");
        }
    }

    private static void Require(bool good, string rule, long value)
    {
        if (!good)
        {
            throw new InputException($"{rule}, not {value}.");
        }
    }

    private void Work()
    {
        while (TakeItem(out Slot? slot, out Batch? batch, out int item))
        {
            ExceptionDispatchInfo? fault = null;
            try
            {
                Prepare(batch, item);
            }
            catch (Exception e)
            {
                // Handed to the thread that asks for the batch, whatever it is: here it would end the process.
                fault = ExceptionDispatchInfo.Capture(e);
            }

            lock (_gate)
            {
                if (slot.Finish(item, fault))
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    /// <summary>Waits for room and takes the next sample to prepare; false when the loader has stopped.</summary>
    private bool TakeItem([NotNullWhen(true)] out Slot? slot, [NotNullWhen(true)] out Batch? batch, out int item)
    {
        lock (_gate)
        {
            while (!_stopped && _nextIteration >= _consumed + _slots.Length)
            {
                Monitor.Wait(_gate);
            }

            slot = null;
            batch = null;
            item = _nextItem;
            if (_stopped)
            {
                return false;
            }

            slot = _slots[_nextIteration % _slots.Length];
            if (item == 0)
            {
                BatchShape shape = _samples.ShapeAt(_nextIteration);
                Batch buffer = _free.TryPop(out Batch? used) && used.Shape == shape ? used : new Batch(_options.Batch, shape.Height, shape.Width, shape.HasLabels);
                buffer.Iteration = _nextIteration;
                slot.Start(buffer);
            }

            batch = slot.Batch!;
            if (++_nextItem == _options.Batch)
            {
                _nextItem = 0;
                _nextIteration++;
            }

            return true;
        }
    }

    private void Prepare(Batch batch, int item)
    {
        long position = PositionOf(batch.Iteration) + item;
        int index = _order.IndexAt(position);
        batch.Indices[item] = index;
        batch.Positions[item] = position;
        SampleRandom random = new(Seeds.For(_options.Seed, "augment", position));
        int plane = batch.Height * batch.Width;
        Span<float> image = batch.Images.AsSpan(item * 3 * plane, 3 * plane);
        BatchShape shape = batch.Shape;
        _samples.Make(index, shape, ref random, image, shape.HasLabels ? batch.Labels.AsSpan(item * plane, plane) : []);
    }

    /// <summary>Where in the run's sequence this process's batch begins.</summary>
    private long PositionOf(long iteration)
    {
        long step = _options.StepSamples ?? ((long)_options.WorldSize * _options.Batch);
        long start = _options.StartPosition ?? (_options.StartIteration * step);
        return start + ((iteration - _options.StartIteration) * step) + (_options.FirstSample ?? ((long)_options.Rank * _options.Batch));
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The place of a batch in preparation; guarded by the loader's lock.</summary>
    private sealed class Slot
    {
        private int _unfinished;
        private int _faultItem;

        public Batch? Batch { get; private set; }

        /// <summary>Of the samples that failed, the first one's error.</summary>
        public ExceptionDispatchInfo? Fault { get; private set; }

        public bool IsReady => Batch is not null && _unfinished == 0;

        public void Start(Batch batch)
        {
            Batch = batch;
            Fault = null;
            _unfinished = batch.Count;
        }

        /// <summary>Notes that a sample is done; true when it was the last.</summary>
        public bool Finish(int item, ExceptionDispatchInfo? fault)
        {
            if (fault is not null && (Fault is null || item < _faultItem))
            {
                Fault = fault;
                _faultItem = item;
            }

            return --_unfinished == 0;
        }

        public Batch Take()
        {
            Batch batch = Batch!;
            Batch = null;
            return batch;
        }
    }
}
