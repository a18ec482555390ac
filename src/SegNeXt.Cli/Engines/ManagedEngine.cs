using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.Kernels;

namespace SegNeXt.Cli;

/// <summary>The managed engine for commands: opens a file and says what was loaded. Nothing here touches libtorch.</summary>
internal static class ManagedEngine
{
    private const string OtherEngine = "use --engine torch";

    /// <summary>The vectors that the engine works with on this machine, as people call them.</summary>
    public static string Vectors => InstructionLevels.Best switch
    {
        InstructionLevel.Avx512 => "AVX-512",
        InstructionLevel.Avx2 => "AVX2",
        _ => "128-bit vectors",
    };

    /// <summary>Opens a network, and says what was loaded, skipped and assumed.</summary>
    /// <param name="source">The weights; disposed.</param>
    /// <param name="threads">CPU threads, or null for one per core.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <exception cref="InputException">The weights cannot be used, or not by this engine.</exception>
    public static ISegmenter Open(ITensorSource source, int? threads, Terminal terminal) =>
        new FittingSegmenter(OpenBare(source, threads, terminal), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>As above, for a caller that looks at the memory itself.</summary>
    /// <param name="source">The weights; disposed.</param>
    /// <param name="threads">CPU threads, or null for one per core.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="remedy">What to do about a model that this engine does not have.</param>
    /// <exception cref="InputException">The weights cannot be used, or not by this engine.</exception>
    public static ManagedSegmenter OpenBare(ITensorSource source, int? threads, Terminal terminal, string remedy = OtherEngine)
    {
        using WeightFile file = WeightFile.Of(source);
        int count = ThreadCount.Resolve(threads);
        Require(file.Config, source.Path, remedy);
        file.Tell(terminal);
        ManagedSegmenter segmenter = ManagedSegmenter.Open(file.Tensors, count);
        terminal.Note($"managed engine: {Vectors}, {count} {(count == 1 ? "thread" : "threads")}");
        return segmenter;
    }

    /// <summary>Refuses a model that the engine cannot run.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its file.</param>
    /// <param name="remedy">What to do instead.</param>
    /// <exception cref="InputException">It is a variant that the engine does not have, or does not segment at all.</exception>
    internal static void Require(ModelConfig config, string weights, string remedy = OtherEngine)
    {
        if (config.Decoder is null)
        {
            throw new InputException(
                $"{weights} holds an image classifier (MSCAN with {config.NumClasses} classes), which has no decoder to segment with; `train --init` starts a segmentation model from it.");
        }

        if (ModelVariant.BeyondFixedGraph(config) is { } variant)
        {
            throw new InputException($"{weights} holds a model with {variant}, which the managed engine does not have; {remedy}.");
        }
    }
}
