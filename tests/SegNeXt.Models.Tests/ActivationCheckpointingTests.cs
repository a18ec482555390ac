using SegNeXt.Core;
using SegNeXt.Torch;

// The count of live handles is the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SegNeXt.Models.Tests;

public sealed class ActivationCheckpointingTests
{
    private static readonly ModelConfig s_config = GoldenModels.Tiny() with
    {
        Encoder = GoldenModels.Tiny().Encoder with { Depths = [2, 2, 3, 2], DropPathRate = 0.4 },
        Decoder = GoldenModels.Tiny().Decoder! with { Dropout = 0.3 },
    };

    [Theory]
    [InlineData(ActivationCheckpointing.Stages, 0, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Blocks, 0, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Stages, 1, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Blocks, 1, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Stages, 2, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Blocks, 2, KernelChoice.Libtorch)]
    [InlineData(ActivationCheckpointing.Stages, 0, KernelChoice.Fused)]
    [InlineData(ActivationCheckpointing.Blocks, 0, KernelChoice.Fused)]
    [InlineData(ActivationCheckpointing.Stages, 1, KernelChoice.Fused)]
    [InlineData(ActivationCheckpointing.Blocks, 1, KernelChoice.Fused)]
    [InlineData(ActivationCheckpointing.Stages, 2, KernelChoice.Fused)]
    [InlineData(ActivationCheckpointing.Blocks, 2, KernelChoice.Fused)]
    public void Training_WithRandomMasks_GivesTheVeryNumbersOfNone(ActivationCheckpointing checkpointing, int frozen, KernelChoice kernels)
    {
        Dictionary<string, float[]> expected = TwoPasses(ActivationCheckpointing.None, frozen, kernels);
        Dictionary<string, float[]> found = TwoPasses(checkpointing, frozen, kernels);

        Assert.Equal(expected.Keys, found.Keys);
        Assert.Contains(expected, entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal) && entry.Value.Length > 0);
        Assert.All(expected, entry => Assert.True(entry.Value.AsSpan().SequenceEqual(found[entry.Key]), entry.Key));
    }

    [Fact]
    public void Training_Blocks_TakesFarLessMemoryThanNone()
    {
        long none = Peak(ActivationCheckpointing.None), stages = Peak(ActivationCheckpointing.Stages), blocks = Peak(ActivationCheckpointing.Blocks);

        // Of this small network the first stage is the larger part; at size T and up stages save about half, blocks two thirds.
        string peaks = $"{none} bytes without, {stages} by stages, {blocks} by blocks";
        Assert.True(stages < 0.8 * none, peaks);
        Assert.True(blocks < 0.6 * none, peaks);
    }

    [Theory]
    [InlineData(KernelChoice.Libtorch)]
    [InlineData(KernelChoice.Fused)]
    public void Training_DroppedGraphs_LeaveNothing(KernelChoice kernels)
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(s_config, generator) { ActivationCheckpointing = ActivationCheckpointing.Blocks, Kernels = kernels };
        long before = LiveTensors();
        for (int i = 0; i < 3; i++)
        {
            using TensorScope scope = new();
            Tensor loss = model.Forward(Tensor.Uniform([2, 3, 32, 32], -1, 1, generator)).Sum();
            if (i > 0)
            {
                loss.Backward();
            }
        }

        model.ZeroGrad();
        Assert.Equal(before, LiveTensors());
    }

    [Fact]
    public void Evaluation_WithAndWithoutRecording_IsThatOfNone()
    {
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = new(s_config, generator);
        model.Eval();
        Tensor x = Tensor.Uniform([1, 3, 48, 32], -1, 1, generator);
        float[] expected = model.Forward(x).Detach().Contiguous().ToArray<float>();
        model.ActivationCheckpointing = ActivationCheckpointing.Blocks;
        using (Autograd.NoGrad())
        {
            Assert.Equal(expected, model.Forward(x).Contiguous().ToArray<float>());
        }

        Assert.Equal(expected, model.Forward(x).Detach().Contiguous().ToArray<float>());
    }

    // As training accumulates: two pictures' passes between two updates, each with its own random numbers.
    private static Dictionary<string, float[]> TwoPasses(ActivationCheckpointing checkpointing, int frozen, KernelChoice kernels)
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using SegmentationModel model = new(s_config, generator) { ActivationCheckpointing = checkpointing, Kernels = kernels };
        model.To(MemoryFormat.ChannelsLast);
        model.Train();

        // 1: the first stages learn nothing; 2: the whole encoder, its batch norms in evaluation.
        string[] still = frozen switch { 1 => ["backbone.patch_embed1", "backbone.block1", "backbone.norm1", "backbone.patch_embed2"], 2 => ["backbone"], _ => [] };
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            parameter.RequiresGrad_(!still.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        }

        model.Backbone.Train(frozen != 2);
        Dictionary<string, float[]> numbers = [];
        for (int pass = 0; pass < 2; pass++)
        {
            Tensor logits = model.Forward(Tensor.Uniform([2, 3, 64, 48], -1, 1, generator).To(MemoryFormat.ChannelsLast));
            (logits * logits).Mean().Backward();
            numbers[$"logits{pass}"] = logits.Detach().Contiguous().ToArray<float>();
        }

        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            numbers["grad." + name] = parameter.Grad?.Contiguous().ToArray<float>() ?? [];
        }

        foreach ((string name, Tensor buffer) in model.NamedBuffers())
        {
            numbers["buffer." + name] = buffer.To(ScalarType.Float32).ToArray<float>();
        }

        numbers["next draw"] = Tensor.Uniform([4], 0, 1, generator).ToArray<float>();
        return numbers;
    }

    private static long Peak(ActivationCheckpointing checkpointing)
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using SegmentationModel model = new(s_config, generator) { ActivationCheckpointing = checkpointing };
        model.Train();
        Tensor x = Tensor.Uniform([2, 3, 128, 128], -1, 1, generator);
        using MemoryMeter meter = new();
        model.Forward(x).Sum().Backward();
        return meter.PeakBytes();
    }

    /// <summary>Handles of this test alone: what others have left to the finalizer is gone first.</summary>
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchRuntime.LiveTensors;
    }
}
