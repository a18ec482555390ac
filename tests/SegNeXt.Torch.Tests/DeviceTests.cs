namespace SegNeXt.Torch.Tests;

/// <summary>What is the same on every device, run on the CPU and, where there is one, on a GPU.</summary>
public sealed class DeviceTests : TorchTest
{
    public static TheoryData<string> Devices => ["cpu", "cuda"];

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void FromArray_OnADevice_HoldsTheValues(string name)
    {
        Device device = Require(name);
        float[] values = [.. Enumerable.Range(0, 60).Select(static i => i * 0.5f)];
        float[] free = [.. values];
        Tensor tensor = Tensor.FromArray<float>(free, [3, 20], device);

        // The caller's array is its own again at once.
        Array.Clear(free);
        Assert.Equal((device, 3L), (tensor.Device, tensor.Size(0)));
        Assert.Equal(values, tensor.ToArray<float>());
        Assert.Throws<ArgumentException>(() => Tensor.FromArray<float>(values, [3, 21], device));
    }

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void Stopwatch_AroundAWait_HasIt(string name)
    {
        Device device = Require(name);
        using DeviceStopwatch unused = new(device);
        using DeviceStopwatch watch = new(device);
        Tensor.Ones([5], device: device).Dispose();
        Thread.Sleep(30);

        // No clock is wrong by half.
        Assert.True(watch.Stop() > 15);
        Assert.True(device.IsCuda || !watch.IsByEvents);
        Assert.Throws<ObjectDisposedException>(() => watch.Stop());
    }

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void Unscale_OnADevice_FindsInfinity(string name)
    {
        Device device = Require(name);
        Tensor a = Tensor.Ones([5], device: device).RequiresGrad_();
        (a * 3).Sum().Backward();
        Assert.True(GradientScaling.Unscale([a], 3));
        Assert.Equal([1, 1, 1, 1, 1], a.Grad!.ToArray<float>());
        (a * double.PositiveInfinity).Sum().Backward();
        Assert.False(GradientScaling.Unscale([a], 3));
    }

    [SkippableFact]
    public void CudaGraph_Replayed_ReadsItsInputAnew()
    {
        Device device = Require("cuda");
        Skip.IfNot(CudaGraph.IsAvailable, "the native library was built without CUDA's headers");
        Tensor x = Tensor.Ones([4], device: device), y = x * 2;
        TorchRuntime.Synchronize(device);
        using CudaGraph graph = CudaGraph.Record(device, () => y = x * 2);
        x.CopyFrom_(Tensor.FromArray<float>([1, 2, 3, 4], [4], device));
        graph.Replay();
        Assert.Equal([2, 4, 6, 8], y.ToArray<float>());
    }

    [Fact]
    public void CudaGraph_WithoutCuda_SaysSo()
    {
        if (!TorchRuntime.CudaAvailable)
        {
            Assert.False(CudaGraph.IsAvailable);
            Assert.Throws<TorchException>(() => CudaGraph.Record(Device.Parse("cuda"), static () => { }));
        }
    }

    [Fact]
    public void CudnnDeterministic_Set_IsRead()
    {
        bool before = TorchRuntime.CudnnDeterministic;
        TorchRuntime.CudnnDeterministic = !before;
        Assert.Equal(!before, TorchRuntime.CudnnDeterministic);
        TorchRuntime.CudnnDeterministic = before;
        TorchRuntime.Synchronize(Device.Cpu);
    }

    private static Device Require(string name)
    {
        Device device = Device.Parse(name);
        Skip.If(device.IsCuda && !TorchRuntime.CudaAvailable, "there is no GPU here");
        return device;
    }
}
