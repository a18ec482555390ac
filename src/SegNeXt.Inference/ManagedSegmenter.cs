using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>The managed engine: a SegNeXt model on the CPU, in C# alone. Safe to call from many threads; calls queue up.</summary>
public sealed unsafe class ManagedSegmenter : ISegmenter
{
    private readonly Lock _gate = new();
    private readonly KernelSet _kernels;
    private readonly NetworkWeights _weights;
    private readonly ThreadTeam _team;
    private NetworkPlan? _plan;
    private bool _disposed;

    private ManagedSegmenter(ModelConfig config, NetworkWeights weights, KernelSet kernels, int threads)
    {
        Config = config;
        _weights = weights;
        _kernels = kernels;
        _team = new ThreadTeam(threads);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">A <c>.safetensors</c> or official <c>.pth</c> file.</param>
    /// <param name="threads">Threads to use; 0 for one per core.</param>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    /// <exception cref="InputException">The file is damaged, or no SegNeXt segmentation model.</exception>
    public static ManagedSegmenter Open(string path, int threads = 0, InstructionLevel? level = null) => Open(path, threads, level, null);

    /// <summary>As above, with other bases than the file's or the default ones, <c>[D, R]</c>.</summary>
    internal static ManagedSegmenter Open(string path, int threads, InstructionLevel? level, float[]? bases)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        using ITensorSource source = TensorFiles.Open(path);
        RecoveredModel recovered = ModelInspector.Recover(source);
        if (recovered.Config.Decoder is null)
        {
            throw new InputException($"{path} holds an image classifier (MSCAN with {recovered.Config.NumClasses} classes), which has no decoder to segment with.");
        }

        KernelSet kernels = level is { } one ? KernelSet.For(one) : KernelSet.Best;
        NetworkWeights weights = new(new WeightReader(source, recovered.Config, recovered.NameMap), recovered.Config, kernels, bases);
        return new ManagedSegmenter(recovered.Config, weights, kernels, threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public LogitMap Forward(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            NetworkPlan plan = PlanFor(image.Height, image.Width);
            fixed (byte* pixels = image.Pixels)
            {
                plan.Run(_team, pixels, 3 * image.Width, CancellationToken.None);
            }

            return ToLogitMap(plan.Logits);
        }
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image) => LogitResize.ArgMax(Forward(image), image.Height, image.Width, _team.Threads);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _plan?.Dispose();
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
            NetworkPlan plan = PlanFor(height, width);
            plan.RunNormalised(_team, picture);
            return ToLogitMap(plan.Logits);
        }
    }

    internal NetworkPlan PlanFor(int height, int width)
    {
        if (_plan is null || _plan.Height != height || _plan.Width != width)
        {
            _plan?.Dispose();
            _plan = null;
            _plan = new NetworkPlan(_weights, Config, _kernels, _team.Threads, height, width);
        }

        return _plan;
    }

    private LogitMap ToLogitMap(Map logits)
    {
        var values = new float[Config.NumClasses * logits.Pixels];
        int pixels = logits.Pixels;
        float* first = logits.Row(0);
        for (int k = 0; k < Config.NumClasses; k++)
        {
            float* from = first + k;
            Span<float> to = values.AsSpan(k * pixels, pixels);
            for (int p = 0; p < pixels; p++)
            {
                to[p] = from[(nint)p * logits.Channels];
            }
        }

        return new LogitMap(Config.NumClasses, logits.Height, logits.Width, values);
    }
}
