using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The managed engine: a SegNeXt model on the CPU, in C# alone. Safe to call from many threads; calls queue up, and each
/// uses all threads of the engine.
/// </summary>
/// <remarks>
/// The engine keeps the weights, folded, and one block of working memory for the largest picture so far
/// (<see cref="WorkingMemoryFor"/>). Once it has seen a size, further pictures of that size cost no allocation.
/// One picture always gives the same ids and scores, with any number of threads.
/// </remarks>
public sealed unsafe class ManagedSegmenter : ISegmenter
{
    // Of so few pixels the decoder's norms may divide by next to nothing, which shows rounding; and there is no time to be saved.
    private const int FewPixels = 64 * 64;

    // Its memory is not the garbage collector's, and nothing that a picture runs through refers to this object: a segmenter that the caller has no more use
    // for must live until its last call returns (GC.KeepAlive).
    private readonly Lock _gate = new();
    private readonly KernelSet _kernels;
    private readonly NetworkWeights _weights;
    private readonly ThreadTeam _team;
    private readonly WorkMemory _memory = new();
    private NetworkPlan? _plan;
    private bool _disposed;
    private bool _mayPair;

    private ManagedSegmenter(ModelConfig config, NetworkWeights weights, KernelSet kernels, ThreadTeam team, bool pairs)
    {
        Config = config;
        _mayPair = pairs;
        _weights = weights;
        _kernels = kernels;
        _team = team;
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <summary>Threads that a call uses.</summary>
    public int Threads => _team.Threads;

    /// <summary>The instruction set in use.</summary>
    public InstructionLevel Level => _kernels.Level;

    /// <summary>
    /// Has a thread of its own compile what opening a model and its first picture need: for a program that has other work before it opens one.
    /// <see cref="Open(string, int, InstructionLevel?)"/> begins with it too. Once in a process, and nothing without a just-in-time compiler or a second core.
    /// </summary>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    public static void CompileEarly(InstructionLevel? level = null) => EarlyCompilation.Begin(level);

    /// <summary>Opens a model file.</summary>
    /// <param name="path">A <c>.safetensors</c> or official <c>.pth</c> file.</param>
    /// <param name="threads">Threads to use; 0 for one per core.</param>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    /// <exception cref="InputException">The file is damaged, or no SegNeXt segmentation model.</exception>
    public static ManagedSegmenter Open(string path, int threads = 0, InstructionLevel? level = null) => Open(path, threads, level, null);

    /// <summary>Opens a model from its tensors, which are not needed any more afterwards.</summary>
    /// <param name="tensors">Those of an open file or of <see cref="RandomWeights"/>.</param>
    /// <param name="threads">Threads to use; 0 for one per core.</param>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    /// <exception cref="InputException">The tensors make no segmentation model.</exception>
    public static ManagedSegmenter Open(ModelTensors tensors, int threads = 0, InstructionLevel? level = null) => Open(tensors, threads, level, null);

    /// <summary>As above, with other bases than the file's or the default ones, <c>[D, R]</c>, and with products in pairs or without on any processor.</summary>
    internal static ManagedSegmenter Open(string path, int threads, InstructionLevel? level, float[]? bases, bool? pairs = null)
    {
        CompileEarly(level);
        using ITensorSource source = TensorFiles.Open(path);
        return Open(ModelTensors.Of(source), threads, level, bases, pairs);
    }

    /// <inheritdoc cref="Open(string, int, InstructionLevel?, float[], bool?)"/>
    internal static ManagedSegmenter Open(ModelTensors tensors, int threads, InstructionLevel? level, float[]? bases, bool? pairs = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ModelConfig config = tensors.Config;
        if (config.Decoder is null)
        {
            throw new InputException($"{tensors.Path} holds an image classifier (MSCAN with {config.NumClasses} classes), which has no decoder to segment with.");
        }

        if (ModelVariant.BeyondFixedGraph(config) is { } variant)
        {
            throw new InputException($"{tensors.Path} holds a model with {variant}, which the managed engine does not have; the torch engine runs it.");
        }

        EarlyCompilation.Begin(level);
        KernelSet kernels = KernelSet.Of(level);
        ThreadTeam team = new(threads == 0 ? Environment.ProcessorCount : threads);
        try
        {
            return new ManagedSegmenter(config, new NetworkWeights(tensors, kernels, team, bases), kernels, team, kernels.HasPairs && (pairs ?? Pairing.Pays));
        }
        catch
        {
            team.Dispose();
            throw;
        }
        finally
        {
            EarlyCompilation.Opened();
        }
    }

    /// <summary>
    /// Segments a picture: the class with the highest score at each pixel, the lowest id where scores are equal. Scores of
    /// full size are never stored.
    /// </summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="classIds">Gets <c>[H, W]</c>, a byte a pixel, rows without a gap; what lies beyond stays.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <exception cref="ArgumentException"><paramref name="classIds"/> is too short.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; <paramref name="classIds"/> is unchanged.</exception>
    public void Segment(PixelView image, Span<byte> classIds, CancellationToken cancellation = default)
    {
        Require(classIds.Length, (long)image.Width * image.Height, nameof(classIds));
        lock (_gate)
        {
            NetworkPlan plan = Run(image, cancellation);
            fixed (byte* ids = classIds)
            {
                plan.Upsampling.ArgMax(_team, ids);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Scores of each class at the picture's size, before softmax.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="scores">Gets <c>[K, H, W]</c>; what lies beyond stays.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <exception cref="ArgumentException"><paramref name="scores"/> is too short.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; <paramref name="scores"/> is unchanged.</exception>
    public void Logits(PixelView image, Span<float> scores, CancellationToken cancellation = default) =>
        Scores(image, scores, softmax: false, cancellation);

    /// <summary>Probabilities of each class at the picture's size: softmax over the classes of <see cref="Logits"/>.</summary>
    /// <inheritdoc cref="Logits"/>
    public void Probabilities(PixelView image, Span<float> scores, CancellationToken cancellation = default) =>
        Scores(image, scores, softmax: true, cancellation);

    /// <summary>Segments pictures one after the other, each with all threads.</summary>
    /// <param name="images">Pictures of any sizes.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <returns>A map of class ids for each, at its size.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<LabelMap> Segment(IReadOnlyList<RgbImage> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var maps = new LabelMap[images.Count];
        for (int i = 0; i < maps.Length; i++)
        {
            maps[i] = Segment(images[i], cancellation);
        }

        return maps;
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image) => Segment(image, CancellationToken.None);

    /// <summary>As <see cref="Segment(RgbImage)"/>, for work that may be cancelled.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <returns>Class ids at the picture's size.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LabelMap Segment(RgbImage image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        LabelMap map = new(image.Width, image.Height);
        Segment(ViewOf(image), map.Ids, cancellation);
        return map;
    }

    /// <inheritdoc/>
    public LogitMap Forward(RgbImage image) => Forward(image, CancellationToken.None);

    /// <summary>As <see cref="Forward(RgbImage)"/>, for work that may be cancelled.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <returns>Logits <c>[K, ⌈H/8⌉, ⌈W/8⌉]</c>, before softmax.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LogitMap Forward(RgbImage image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_gate)
        {
            LogitMap logits = ToLogitMap(Run(ViewOf(image), cancellation));
            GC.KeepAlive(this);
            return logits;
        }
    }

    /// <summary>As <see cref="Forward(RgbImage)"/>, into memory of the caller's: nothing is allocated once warm.</summary>
    /// <param name="image">Any size from 1×1 up.</param>
    /// <param name="logits">Gets <c>[K, ⌈H/8⌉, ⌈W/8⌉]</c>, before softmax; what lies beyond stays.</param>
    /// <param name="cancellation">Looked at between the network's steps.</param>
    /// <exception cref="ArgumentException"><paramref name="logits"/> is too short.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; <paramref name="logits"/> is unchanged.</exception>
    public void Forward(PixelView image, Span<float> logits, CancellationToken cancellation = default)
    {
        Require(logits.Length, Config.NumClasses * ((image.Width + 7L) / 8) * ((image.Height + 7L) / 8), nameof(logits));
        lock (_gate)
        {
            NetworkPlan plan = Run(image, cancellation);
            fixed (float* target = logits)
            {
                plan.Upsampling.Planes(_team, target);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Plans for pictures of a size and takes the memory that they need, so that the first one does not wait for it.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public void Prepare(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        lock (_gate)
        {
            PlanFor(height, width);
        }
    }

    /// <summary>Bytes of working memory that pictures of a size need, beside the weights.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public long WorkingMemoryFor(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return NetworkPlan.FloatsFor(_weights, Config, _kernels, _team.Threads, height, width) * sizeof(float);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _plan?.Dispose();
                _memory.Dispose();
                _weights.Dispose();
                _team.Dispose();
            }
        }
    }

    /// <summary>Scores of a picture that is normalised already, <c>[3, H, W]</c>.</summary>
    internal LogitMap ForwardNormalised(float[] picture, int height, int width)
    {
        lock (_gate)
        {
            PairOnce(height, width);
            NetworkPlan plan = PlanFor(height, width);
            fixed (float* values = picture)
            {
                plan.RunNormalised(_team, values);
            }

            LogitMap logits = ToLogitMap(plan);
            GC.KeepAlive(this);
            return logits;
        }
    }

    internal NetworkPlan PlanFor(int height, int width)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_plan is null || _plan.Height != height || _plan.Width != width)
        {
            _plan?.Dispose();
            _plan = null;
            _plan = new NetworkPlan(_weights, Config, IsSmall(height, width) ? _kernels.WithoutPairs : _kernels, _team.Threads, height, width, _memory);
        }

        return _plan;
    }

    private static PixelView ViewOf(RgbImage image) => new(image.Pixels, image.Width, image.Height);

    private static void Require(int length, long needed, string name)
    {
        if (length < needed)
        {
            throw new ArgumentException($"Room for {needed} numbers is needed; there is room for {length}.", name);
        }
    }

    private void Scores(PixelView image, Span<float> scores, bool softmax, CancellationToken cancellation)
    {
        Require(scores.Length, (long)Config.NumClasses * image.Width * image.Height, nameof(scores));
        lock (_gate)
        {
            NetworkPlan plan = Run(image, cancellation);
            fixed (float* values = scores)
            {
                plan.Upsampling.Scores(_team, values, softmax);
            }
        }

        GC.KeepAlive(this);
    }

    private NetworkPlan Run(PixelView image, CancellationToken cancellation)
    {
        PairOnce(image.Height, image.Width);
        NetworkPlan plan = PlanFor(image.Height, image.Width);
        fixed (byte* pixels = image.Pixels)
        {
            plan.Run(_team, pixels, image, cancellation);
        }

        return plan;
    }

    private static bool IsSmall(int height, int width) => (long)height * width < FewPixels;

    /// <summary>Before the first picture that is not small, finds out which products go in pairs.</summary>
    private void PairOnce(int height, int width)
    {
        if (_mayPair && !IsSmall(height, width))
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Pairing.Run(_weights, Config, _kernels, _team);
            _mayPair = false;
        }
    }

    private LogitMap ToLogitMap(NetworkPlan plan)
    {
        Map logits = plan.Logits;
        float[] values = GC.AllocateUninitializedArray<float>(Config.NumClasses * logits.Pixels);
        fixed (float* target = values)
        {
            plan.Upsampling.Planes(_team, target);
        }

        return new LogitMap(Config.NumClasses, logits.Height, logits.Width, values);
    }
}
