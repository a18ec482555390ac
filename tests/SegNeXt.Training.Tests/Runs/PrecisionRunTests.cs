using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

/// <summary>Whole runs in bfloat16 on the CPU.</summary>
public sealed class PrecisionRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrecisionRunTests() => SmallDataSet.Write(_folder.File("data"), val: 2);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Bf16_HasNearlyTheLossesOfFp32AndWeightsIn32Bits()
    {
        Train(_folder, "exact", new Recorder());
        Recorder told = new();
        Train(_folder, "rounded", told, "train.precision=bf16");
        Assert.Contains(told.Messages, message => message.StartsWith("train.precision bf16: on the CPU libtorch computes it", StringComparison.Ordinal));
        double[] exact = Losses(_folder.File("exact")), rounded = Losses(_folder.File("rounded"));
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.02 * pair.First));
        Assert.NotEqual(exact, rounded);
        using SafetensorsFile weights = SafetensorsFile.Open(_folder.File("rounded", "best.safetensors"));
        Assert.All(weights.Tensors, tensor => Assert.True(tensor.DType is TensorDType.F32 or TensorDType.I64, tensor.Name));
        Assert.False(Autocast.IsOn(DeviceType.Cpu));
    }

    [Theory]
    [InlineData]
    [InlineData("train.activation_checkpointing=blocks", "train.ema=0.9", "train.clip_norm=1", "train.accumulate=2")]
    public void Resume_Bf16_EndsAsTheRunThatWasNotInterrupted(params string[] more)
    {
        string[] settings = ["train.precision=bf16", "train.iterations=4", .. more];
        Train(_folder, "whole", new Recorder(), settings);
        TrainUntil(2, _folder, "parts", settings);
        Train(_folder, "parts", new Recorder(), true, settings, default);
        Assert.Equal(Weights(_folder.File("whole", "last", "model.safetensors")), Weights(_folder.File("parts", "last", "model.safetensors")));
        Assert.Equal(Weights(_folder.File("whole", "last", "optimizer.safetensors")), Weights(_folder.File("parts", "last", "optimizer.safetensors")));
    }

    [Fact]
    public void Train_Bf16WithActivationCheckpointing_GivesTheVeryWeightsWithout()
    {
        string[] settings = ["train.precision=bf16", "train.iterations=2"];
        Train(_folder, "none", new Recorder(), settings);
        Train(_folder, "blocks", new Recorder(), [.. settings, "train.activation_checkpointing=blocks"]);
        Assert.Equal(Weights(_folder.File("none", "last", "model.safetensors")), Weights(_folder.File("blocks", "last", "model.safetensors")));
    }

    [Fact]
    public void Train_Fp16OnTheCpu_IsRefused()
    {
        InputException error = Assert.Throws<InputException>(() => Train(_folder, "run", new Recorder(), "train.precision=fp16"));
        Assert.Equal("train.precision fp16 is for a GPU (--device cuda); the CPU computes in fp32 and bf16.", error.Message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [SkippableTheory]
    [InlineData("fp32", 1e-3)]
    [InlineData("bf16", 0.02)]
    [InlineData("fp16", 0.02)]
    public void Train_OnAGpu_HasNearlyTheLossesOfTheCpuAndGoesOn(string precision, double tolerance)
    {
        Skip.IfNot(TorchRuntime.CudaAvailable, "there is no GPU here");
        Train(_folder, "cpu", new Recorder());
        string[] settings = [$"train.precision={precision}", "train.activation_checkpointing=blocks", "train.clip_norm=100"];
        Run(false, settings);
        Assert.All(Losses(_folder.File("cpu")).Zip(Losses(_folder.File("gpu"))), pair => Assert.Equal(pair.First, pair.Second, tolerance * pair.First));
        Run(true, [.. settings, "train.iterations=8"]);
        TrainingState state = new CheckpointStore(_folder.File("gpu")).Open(_ => { }).State;
        Assert.Equal((8, precision == "fp16"), (state.Iteration, state.LossScale.Streak > 0));

        void Run(bool resume, string[] more)
        {
            using Trainer trainer = Open(Device.Parse("cuda"), _folder, "gpu", new Recorder(), resume, more);
            trainer.Run(default);
        }
    }

    [Fact]
    public void State_WithALossScale_IsReadBack()
    {
        TrainingState state = new(7, 0.5, 3) { LossScale = new LossScale(1024, 17) };
        Assert.Equal(state.LossScale, TrainingState.FromMetadata("x", state.ToMetadata()).LossScale);
        Dictionary<string, string> before = state.ToMetadata();
        before.Remove("loss_scale");
        before.Remove("loss_scale_streak");
        Assert.Equal(LossScale.First, TrainingState.FromMetadata("x", before).LossScale);
    }
}
