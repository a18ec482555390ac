using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class MemoryTests
{
    private const long Gigabyte = 1L << 30;

    [Fact]
    public void Available_NoGroups_IsTheMachinesWithSwap()
    {
        using TemporaryFolder root = new();
        Write(root, "proc/meminfo", "MemTotal:       24684092 kB\nMemAvailable:    1000 kB\nSwapFree:  24 kB\n");
        Assert.Equal(1024 * 1024, AvailableMemory.Bytes(root.Path));
    }

    [Fact]
    public void Available_GroupsOfVersion2_IsTheTightestLimitWithoutFiles()
    {
        using TemporaryFolder root = new();
        Write(root, "proc/meminfo", "MemAvailable: 8000000 kB\n");
        Write(root, "proc/self/cgroup", "0::/job/step\n");
        Write(root, "sys/fs/cgroup/job/step/memory.max", "max\n");
        Write(root, "sys/fs/cgroup/job/step/memory.current", "10\n");
        Write(root, "sys/fs/cgroup/job/memory.max", "5000000\n");
        Write(root, "sys/fs/cgroup/job/memory.current", "4000000\n");
        Write(root, "sys/fs/cgroup/job/memory.stat", "anon 1000000\nactive_file 1000000\ninactive_file 2000000\n");
        Assert.Equal(4000000, AvailableMemory.Bytes(root.Path));
    }

    [Fact]
    public void Available_GroupsOfVersion1InAContainer_IsTheMountedGroups()
    {
        using TemporaryFolder root = new();
        Write(root, "proc/meminfo", "MemAvailable: 8000000 kB\n");
        Write(root, "proc/self/cgroup", "9:name=systemd:/\n4:memory:/docker/0123\n3:cpuset:/\n");
        Write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n");
        Write(root, "sys/fs/cgroup/memory/memory.usage_in_bytes", "2500000\n");
        Write(root, "sys/fs/cgroup/memory/memory.stat", "cache 1\ntotal_active_file 0\ntotal_inactive_file 100000\n");
        Assert.Equal(600000, AvailableMemory.Bytes(root.Path));
    }

    [Fact]
    public void Available_ThisMachine_IsAPlausibleNumber() => Assert.InRange(AvailableMemory.Bytes(), 1 << 20, 1L << 50);

    [Fact]
    public void Check_TooLittle_IsRefusedWithTheRemedies()
    {
        InputException error = Assert.Throws<InputException>(() => MemoryRule.Check(20 * Gigabyte, Gigabyte, 8 * Gigabyte));
        Assert.Contains("about 21.0 GiB of memory, and 8.0 GiB are available", error.Message, StringComparison.Ordinal);
        Assert.All(["train.batch", "train.accumulate", "train.crop", "train.activation_checkpointing"], key => Assert.Contains(key, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_Doubtful_Warns() => Assert.Contains("should the system end the run", MemoryRule.Check(8 * Gigabyte, 0, 8 * Gigabyte)!, StringComparison.Ordinal);

    [Fact]
    public void Check_Enough_SaysNothing() => Assert.Null(MemoryRule.Check(8 * Gigabyte, Gigabyte, 16 * Gigabyte));

    [Theory]
    [InlineData(3, 11, ActivationCheckpointing.None)]
    [InlineData(3, 11, ActivationCheckpointing.Blocks)]
    [InlineData(4, 150, ActivationCheckpointing.Blocks)]
    public void Estimate_SmallStep_IsCloseToALargeOneAndLeavesTheModelAsItWas(int batch, int classes, ActivationCheckpointing checkpointing)
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", classes), generator) { ActivationCheckpointing = checkpointing };
        model.To(MemoryFormat.ChannelsLast);
        ISegmentationLoss loss = SegmentationLoss.Create(new LossSettings(), null);
        TrainSettings train = new() { Batch = batch, Crop = new ImageSize(192, 256) };
        float[] before = State(model);
        long estimate = MemoryEstimate.OfStep(model, train, loss, generator);
        Assert.Equal(before, State(model));
        Assert.All(model.NamedParameters(), entry => Assert.Null(entry.Value.Grad));

        using MemoryMeter meter = new();
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.Normal([batch, 3, 192, 256], 0, 1, generator);
            loss.Forward(model.Forward(x.To(MemoryFormat.ChannelsLast)), Tensor.Zeros([batch, 192, 256], ScalarType.Int64)).Backward();
        }

        Assert.InRange((double)estimate / meter.PeakBytes(), 0.85, 1.2);
    }

    // Attention between all positions takes most of such a step, and the square of what it takes of a small one.
    [Theory]
    [InlineData("nl", new[] { 1, 2, 3 })]
    [InlineData("cc", new[] { 1, 2, 3 })]
    [InlineData("da", new[] { 1 })]
    public void Estimate_AttentionBetweenPositions_GrowsWithTheSquareOfTheCrop(string decoder, int[] stages)
    {
        ModelConfig config = new ModelConfig
        {
            Encoder = new MscanConfig { EmbedDims = [8, 16, 16, 32], Depths = [1, 1, 1, 1] },
            Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 4 },
            NumClasses = 5,
        }.WithDecoder(decoder);
        using Generator generator = new(1);
        using SegmentationModel model = new(config with { Decoder = config.Decoder! with { InputStages = stages } }, generator);
        ISegmentationLoss loss = SegmentationLoss.Create(new LossSettings(), null);
        long estimate = MemoryEstimate.OfStep(model, new TrainSettings { Batch = 2, Crop = new ImageSize(384, 448), ChannelsLast = false }, loss, generator);
        using MemoryMeter meter = new();
        using (TensorScope scope = new())
        {
            loss.Forward(model.Forward(Tensor.Normal([2, 3, 384, 448], 0, 1, generator)), Tensor.Zeros([2, 384, 448], ScalarType.Int64)).Backward();
        }

        Assert.InRange((double)estimate / meter.PeakBytes(), 0.85, 1.3);
    }

    [Fact]
    public void Run_BatchBeyondAllMemory_IsRefusedBeforeAnythingIsWritten()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        InputException error = Assert.Throws<InputException>(() => ShortRun.Train(folder, "run", new ShortRun.Recorder(), "train.batch=20000", "train.crop=512x512"));
        Assert.Contains("GiB are available", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    private static float[] State(Module module) =>
        [.. module.StateTensors().Where(entry => entry.Value.Type != ScalarType.Int64).SelectMany(entry => entry.Value.Detach().Contiguous().ToArray<float>())];

    private static void Write(TemporaryFolder root, string path, string text)
    {
        string full = root.File(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
