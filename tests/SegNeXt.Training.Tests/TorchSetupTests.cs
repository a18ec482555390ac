using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public class TorchSetupTests
{
    [Theory]
    [InlineData(0, 8, 0)]
    [InlineData(5, 8, 5)]
    [InlineData(5, 1, 0)] // the launcher shows each process its own alone
    [InlineData(5, 4, 1)]
    public void OwnGpu_OfALaunchersProcess_IsThatOfItsNumberOnTheHost(int localRank, int gpus, int expected) =>
        Assert.Equal(new Device(DeviceType.Cuda, expected), TorchSetup.OwnGpu(new RankEnvironment(13, 16, localRank, 8, "a", 1, "Slurm"), gpus));

    [Fact]
    public void OwnGpu_OfAProcessOnItsOwn_IsTheFirst() => Assert.Equal(new Device(DeviceType.Cuda, 0), TorchSetup.OwnGpu(null, 8));
}
