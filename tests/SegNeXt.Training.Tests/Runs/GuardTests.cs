using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class GuardTests
{
    [Fact]
    public void Run_LossThatIsNoNumber_StopsInThatIterationWithTheFilesAndKeepsTheCheckpoint()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        TrainUntil(2, folder, "run");
        byte[] before = Weights(folder.File("run", "last", "model.safetensors"));
        Recorder progress = new();

        // Logged every hundredth iteration; the loss is looked at in each.
        InputException error = Assert.Throws<InputException>(() =>
            Train(folder, "run", progress, true, ["train.lr=1e30", "train.iterations=500", "log.interval=100", "checkpoint.interval=100", "eval.interval=500"], default));
        Assert.Matches("The loss is (NaN|infinite) at iteration [3-6], learning rate ", error.Message);
        Assert.Matches(@"on 00\d\.png, 00\d\.png; ", error.Message);
        Assert.All(["segnext doctor", "train.lr", "train.clip_norm"], hint => Assert.Contains(hint, error.Message, StringComparison.Ordinal));
        Assert.EndsWith("; the checkpoint of iteration 2 stays.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Weights(folder.File("run", "last", "model.safetensors")));

        Recorder after = new();
        Train(folder, "run", after, true, [], default);
        Assert.Equal([3, 4, 5, 6], after.Iterations);
    }

    [Fact]
    public void Run_GradientThatIsNoNumber_StopsWithTheFiles()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        using Trainer trainer = Open(folder, "run", new Recorder(), false, "train.clip_norm=1");
        using (GradMode noGrad = Autograd.NoGrad())
        {
            // The loss is some 1e21, and the squares of its derivatives are beyond float32.
            trainer.Model.NamedParameters().Single(entry => entry.Key == "decode_head.conv_seg.weight").Value.Mul_(1e23);
        }

        InputException error = Assert.Throws<InputException>(() => trainer.Run(default));
        Assert.Matches(@"^The gradient's norm is (NaN|infinite) at iteration 1, learning rate .*, on 00\d\.png, 00\d\.png; ", error.Message);
        Assert.False(Directory.Exists(folder.File("run", "last")));
    }

    [Fact]
    public void Save_WeightsThatAreNoNumbers_IsRefused()
    {
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", 3), generator);
        using AdamW optimizer = new([]);
        CheckpointStore store = new(folder.Path);
        CheckpointContent content = new(model, optimizer, null, new RunConfig());
        using (GradMode noGrad = Autograd.NoGrad())
        {
            model.NamedParameters().Single(entry => entry.Key == "decode_head.conv_seg.bias").Value.Fill_(double.NaN);
        }

        InputException error = Assert.Throws<InputException>(() => store.Save(content, new TrainingState(7, 0.5, 1)));
        Assert.Contains("after iteration 7 (decode_head.conv_seg.bias", error.Message, StringComparison.Ordinal);
        Assert.False(store.Exists);
    }

    [Fact]
    public void Run_LabelsWithoutOneLabelledPixel_WarnsOnceWithTheFiles()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        foreach (string label in Directory.GetFiles(folder.File("data", "labels", "train")))
        {
            LabelMap map = ImageFile.ReadLabel(label);
            map.Ids.AsSpan().Fill(LabelMap.Ignore);
            PngWriter.WriteLabel(label, map);
        }

        Recorder progress = new();
        int iterations = LossGuard.EmptyBatches + 5;
        Train(folder, "run", progress, "train.crop=32x32", $"train.iterations={iterations}", $"checkpoint.interval={iterations}", $"eval.interval={iterations}");
        string warning = Assert.Single(progress.Messages, message => message.Contains("not one labelled pixel", StringComparison.Ordinal));
        Assert.Matches(@"those of 00\d\.png, 00\d\.png", warning);
    }

    [Fact]
    public void Guard_DeviceThatComputesBesideTheProgram_FindsTheIterationLater()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        RunConfig config = RunConfig.FromOptions(folder.File("data"), "t", ["train.batch=2", "train.crop=32x32"]);
        ISegmentationDataSet data = DataSets.Open("folder", folder.File("data"), "train");
        using DataLoader loader = TrainingData.Loader(config, data, ModelConfig.Preset("t", 3));
        using LossGuard guard = new(index => data.Paths(index).Image, new Device(DeviceType.Cuda, 0), _ => { });
        Assert.False(guard.IsDue(0));
        Assert.True(guard.IsDue(LossGuard.DevicePeriod - 1));
        string second = "";
        for (int i = 0; i < 3; i++)
        {
            using TensorScope scope = new();
            Batch batch = loader.Next();
            second = i == 1 ? string.Join(", ", batch.Indices.Select(index => Path.GetFileName(data.Paths(index).Image))) : second;
            guard.Add(i, batch, 1e-3, Tensor.Full([], i == 1 ? double.NaN : 0.5));
            loader.Return(batch);
        }

        InputException error = Assert.Throws<InputException>(() => guard.Read());
        Assert.StartsWith($"The loss is NaN at iteration 2, learning rate 1e-3, on {second};", error.Message, StringComparison.Ordinal);
    }
}
