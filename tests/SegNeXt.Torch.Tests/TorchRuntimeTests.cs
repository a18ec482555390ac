namespace SegNeXt.Torch.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Version_Library_IsAtLeastTheOldestSupported()
    {
        Assert.True(TorchRuntime.IsAvailable(out string? reason), reason);
        Assert.Null(reason);
        Version version = System.Version.Parse(TorchRuntime.Version.Split('+', 'a', 'r')[0]);
        Assert.True(version >= new Version(1, 13), TorchRuntime.Version);
        Assert.Contains("PyTorch built with", TorchRuntime.BuildConfig, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_Set_IsRead()
    {
        int before = TorchRuntime.Threads;

        TorchRuntime.Threads = 1;
        Assert.Equal(1, TorchRuntime.Threads);

        TorchRuntime.Threads = before;
        Assert.Equal(before, TorchRuntime.Threads);
        Assert.True(TorchRuntime.InteropThreads >= 1);
        Assert.Throws<TorchException>(static () => TorchRuntime.Threads = 0);
    }

    [Fact]
    public void FlushDenormals_On_MakesTinyProductsZero()
    {
        using TensorScope scope = new();
        Tensor tiny = Tensor.Full([1], 1e-30);

        TorchRuntime.FlushDenormals = true;
        bool supported = TorchRuntime.FlushDenormals;
        double flushed = (tiny * 1e-10).Item();
        TorchRuntime.FlushDenormals = false;

        Assert.Equal(supported ? 0 : 1e-40, flushed, 1e-45);
        Assert.NotEqual(0, (tiny * 1e-10).Item());
    }

    [Fact]
    public void Switches_Set_AreRead()
    {
        (bool benchmark, bool tf32) = (TorchRuntime.CudnnBenchmark, TorchRuntime.AllowTf32);

        TorchRuntime.CudnnBenchmark = !benchmark;
        Assert.Equal(!benchmark, TorchRuntime.CudnnBenchmark);
        TorchRuntime.CudnnBenchmark = benchmark;

        TorchRuntime.AllowTf32 = true;
        Assert.True(TorchRuntime.AllowTf32);
        TorchRuntime.AllowTf32 = false;
        Assert.False(TorchRuntime.AllowTf32);
        TorchRuntime.AllowTf32 = tf32;
    }

    [Fact]
    public void Cuda_Count_AgreesWithAvailability() =>
        Assert.Equal(TorchRuntime.CudaDeviceCount > 0, TorchRuntime.CudaAvailable);

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB", true, true)]
    [InlineData("cuDNN error: CUDNN_STATUS_ALLOC_FAILED", true, true)]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", true, true)]
    [InlineData("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.", true, false)]
    [InlineData("CUDA error: an illegal memory access was encountered", false, true)]
    public void Exception_Message_TellsMemoryAndGpu(string message, bool memory, bool gpu)
    {
        TorchException error = new(message);
        Assert.Equal((memory, gpu), (error.IsOutOfMemory, error.IsOfGpu));
    }
}
