using System.Runtime.CompilerServices;
using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// Has a just-in-time compiler do its work while the first model's file is read: a thread of its own opens a tiny model, and, when the file's is
/// open, runs a tiny picture's phases. Of the time to open a model two thirds are compilation, which otherwise has to wait for its turn.
/// </summary>
/// <remarks>
/// The phases run from the last to the first: who segments a picture at once compiles them from the first on, and both meet in the middle, instead of one waiting for
/// the other at each kernel.
/// </remarks>
internal static class EarlyCompilation
{
    // As few as have maps of one and of two tiles' width, and rows of whole tiles and of less.
    private const int Narrow = 32, Wide = 64, Side = 128;

    // A file that cannot be opened must not leave a thread waiting for ever.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly ManualResetEventSlim s_opened = new();
    private static int s_begun;

    /// <summary>Begins, once in a process, where there is something to compile and a core to do it.</summary>
    /// <param name="level">The instruction set that will be used, or null for the best that the machine has.</param>
    public static void Begin(InstructionLevel? level)
    {
        if (RuntimeFeature.IsDynamicCodeCompiled && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref s_begun, 1) == 0)
        {
            new Thread(() => Try(level)) { IsBackground = true, Name = "SegNeXt compilation" }.Start();
        }
    }

    /// <summary>Tells that the model is open, and a core free.</summary>
    public static void Opened() => s_opened.Set();

    private static void Try(InstructionLevel? level)
    {
        try
        {
            // Choosing the kernels is the first thing to compile.
            Run(KernelSet.Of(level));
        }
        catch (Exception fault) when (fault is OutOfMemoryException or PlatformNotSupportedException)
        {
            // Whoever opens the real model will hear of it.
        }
    }

    /// <summary>Opens the tiny model, and runs its phases.</summary>
    internal static unsafe void Run(KernelSet kernels)
    {
        ModelConfig config = new()
        {
            Encoder = new MscanConfig { EmbedDims = [Narrow, Wide, Wide, Wide], Depths = [1, 1, 1, 1] },
            Decoder = new DecoderConfig { Channels = Wide, HamChannels = Wide, NmfRank = 16 },
            NumClasses = 2,
        };
        RandomWeights random = new(config);
        RecoveredModel model = new() { Config = config, NameMap = random.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Name) };
        using ThreadTeam one = new(1);
        using NetworkWeights weights = new(ModelTensors.Of(random, model), kernels, one);
        using WorkMemory memory = new();
        using NetworkPlan plan = new(weights, config, kernels.WithoutPairs, threads: 1, Side, Side, memory);
        s_opened.Wait(s_patience);
        byte[] picture = new byte[Side * Side * 3], ids = new byte[Side * Side];
        fixed (byte* pixels = picture, target = ids)
        {
            plan.Upsampling.ArgMax(one, target);
            plan.RunBackwards(one, pixels, new PixelView(picture, Side, Side));
        }

        if (Pairing.Pays)
        {
            kernels.CompilePairs();
        }
    }
}
