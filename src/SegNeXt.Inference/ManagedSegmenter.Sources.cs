using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <content>Models from tensors that are open already.</content>
public sealed unsafe partial class ManagedSegmenter
{
    /// <summary>Opens a model from its tensors, which are not needed any more afterwards.</summary>
    /// <param name="source">A model file that is open, or <see cref="RandomWeights"/>.</param>
    /// <param name="threads">Threads to use; 0 for one per core.</param>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    /// <exception cref="InputException">The tensors make no SegNeXt segmentation model.</exception>
    public static ManagedSegmenter Open(ITensorSource source, int threads = 0, InstructionLevel? level = null) => Open(source, threads, level, null);

    /// <summary>As above, with other bases than the source's or the default ones, <c>[D, R]</c>.</summary>
    private static ManagedSegmenter Open(ITensorSource source, int threads, InstructionLevel? level, float[]? bases)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        RecoveredModel recovered = ModelInspector.Recover(source);
        if (recovered.Config.Decoder is null)
        {
            throw new InputException($"{source.Path} holds an image classifier (MSCAN with {recovered.Config.NumClasses} classes), which has no decoder to segment with.");
        }

        KernelSet kernels = level is { } one ? KernelSet.For(one) : KernelSet.Best;
        NetworkWeights weights = new(new WeightReader(source, recovered.Config, recovered.NameMap), recovered.Config, kernels, bases);
        return new ManagedSegmenter(recovered.Config, weights, kernels, threads == 0 ? Environment.ProcessorCount : threads);
    }
}
