namespace SegNeXt.Torch.Tests;

public sealed class MemoryMeterTests : TorchTest
{
    private const long Kilobyte = 1024;

    [Fact]
    public void PeakBytes_AllocationsAndFrees_CountsTheMostAtATime()
    {
        using MemoryMeter meter = new();
        Tensor one = Tensor.Zeros([1024, 256]);
        Tensor.Zeros([2048, 256]).Dispose();
        Tensor two = Tensor.Zeros([512, 256]);

        Assert.Equal(1536 * Kilobyte, meter.LiveBytes());
        Assert.Equal(3072 * Kilobyte, meter.PeakBytes());
        Assert.Equal(0, meter.PeakBytes(DeviceType.Cuda));
        one.Dispose();
        two.Dispose();
        Assert.Equal(0, meter.LiveBytes());
    }

    [Fact]
    public void Meters_Nested_EachCountsFromItsStart()
    {
        using MemoryMeter outer = new();
        using Tensor before = Tensor.Zeros([256]);
        using (MemoryMeter inner = new())
        {
            Tensor.Zeros([512]).Dispose();
            Assert.Equal(2 * Kilobyte, inner.PeakBytes());
        }

        Assert.Equal(3 * Kilobyte, outer.PeakBytes());
    }

    [Fact]
    public void Dispose_OuterFirst_Throws()
    {
        MemoryMeter outer = new(), inner = new();

        Assert.Throws<InvalidOperationException>(outer.Dispose);

        inner.Dispose();
        outer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => outer.PeakBytes());
    }

    [Fact]
    public void PeakBytes_BackwardPass_IsCounted()
    {
        Tensor x = Tensor.Zeros([256, 256]).RequiresGrad_();
        Tensor y = x.Exp().Sum();
        using MemoryMeter meter = new();

        y.Backward();

        Assert.InRange(meter.PeakBytes(), 256 * Kilobyte, 1024 * Kilobyte);
    }
}
