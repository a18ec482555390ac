using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class FreezeTests
{
    private static readonly string[] s_stage1 = ["backbone.patch_embed1.", "backbone.block1.", "backbone.norm1."];
    private static readonly string[] s_stage2 = ["backbone.patch_embed2.", "backbone.block2.", "backbone.norm2."];

    [Theory]
    [InlineData("stem", "backbone.patch_embed1.")]
    [InlineData("stage1", "backbone.patch_embed1.,backbone.block1.,backbone.norm1.")]
    [InlineData("encoder", "backbone.")]
    public void Run_Frozen_LeavesExactlyThatPartAsItWas(string part, string prefixes)
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Dictionary<string, byte[]> before = Start(folder);
        Recorder progress = new();
        Train(folder, "run", progress, $"train.freeze={part}", $"model.init={folder.File("start.safetensors")}", "train.iterations=2", "train.warmup_iterations=0");
        Dictionary<string, byte[]> after = Read(folder.File("run", "last", "model.safetensors"));
        string[] frozen = prefixes.Split(',');
        foreach ((string name, byte[] value) in before)
        {
            bool still = frozen.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) || name == ModelLayout.BasesName;
            Assert.True(still == value.AsSpan().SequenceEqual(after[name]), $"{name} {(still ? "has changed" : "has not changed")}");
        }

        using SafetensorsFile moments = SafetensorsFile.Open(folder.File("run", "last", "optimizer.safetensors"));
        Assert.DoesNotContain(moments.Tensors, tensor => frozen.Any(prefix => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Contains(moments.Tensors, tensor => tensor.Name.StartsWith("decode_head.", StringComparison.Ordinal));
        Assert.Contains(progress.Messages, message => message.StartsWith("Frozen: the ", StringComparison.Ordinal));
    }

    [Fact]
    public void Forward_FrozenStages_RecordNoGraphAndTheOthersDo()
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", 3), generator);
        TrainingMode mode = new(model, new TrainSettings { Freeze = FrozenPart.Stage2 });
        mode.Enter();
        using TensorScope scope = new();
        Tensor x = Tensor.Normal([2, 3, 32, 32], 0, 1, generator);
        IReadOnlyList<Tensor> stages = model.Backbone.Forward(x);
        Assert.Equal([false, false, true, true], stages.Select(stage => stage.RequiresGrad));
        model.DecodeHead.Forward(stages).Sum().Backward();
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            bool frozen = s_stage1.Concat(s_stage2).Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            Assert.Equal(frozen, parameter.Grad is null);
        }
    }

    [Fact]
    public void Enter_AfterAnEvaluation_KeepsTheFrozenPartInEvaluationMode()
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", 3), generator);
        TrainingMode mode = new(model, new TrainSettings { Freeze = FrozenPart.Stage1 });
        model.Eval();
        mode.Enter();
        foreach ((string name, Module module) in model.NamedModules())
        {
            bool frozen = s_stage1.Any(prefix => (name + ".").StartsWith(prefix, StringComparison.Ordinal));
            Assert.Equal(!frozen, module.Training);
        }
    }

    [Fact]
    public void Run_NormEval_KeepsStatisticsAndLearnsTheRest()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        Dictionary<string, byte[]> before = Start(folder);
        Train(folder, "run", new Recorder(), "train.norm_eval=true", "train.batch=1", $"model.init={folder.File("start.safetensors")}", "train.iterations=2", "train.warmup_iterations=0");
        Dictionary<string, byte[]> after = Read(folder.File("run", "last", "model.safetensors"));
        string[] statistics = ["running_mean", "running_var", "num_batches_tracked"];
        foreach ((string name, byte[] value) in before)
        {
            bool still = statistics.Any(end => name.EndsWith(end, StringComparison.Ordinal)) || name == ModelLayout.BasesName;
            Assert.True(still == value.AsSpan().SequenceEqual(after[name]), $"{name} {(still ? "has changed" : "has not changed")}");
        }
    }

    [Fact]
    public void Run_BatchOfOne_IsRefusedWithTheRemediesAndLeavesNothing()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        InputException error = Assert.Throws<InputException>(() => Train(folder, "run", new Recorder(), "train.batch=1", "train.accumulate=8", "train.freeze=stage3"));
        Assert.All(["train.batch", "train.accumulate does not help", "train.norm_eval=true", "train.freeze=encoder"], remedy => Assert.Contains(remedy, error.Message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder.File("run")));
    }

    /// <summary>Weights in which every tensor would change if it were trained.</summary>
    private static Dictionary<string, byte[]> Start(TemporaryFolder folder)
    {
        string path = folder.File("start.safetensors");
        using Generator generator = new(3);
        ModelConfig config = ModelConfig.Preset("t", SmallDataSet.Classes);
        using SegmentationModel model = new(config, generator);
        ModelState.Save(path, model, config);
        return Read(path);
    }

    private static Dictionary<string, byte[]> Read(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor =>
        {
            var bytes = new byte[tensor.ByteLength];
            file.ReadBytes(tensor.Name, 0, bytes);
            return bytes;
        });
    }
}
