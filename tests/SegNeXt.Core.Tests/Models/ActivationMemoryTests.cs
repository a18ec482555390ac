namespace SegNeXt.Core.Tests;

public class ActivationMemoryTests
{
    [Fact]
    public void Estimate_Tiny_IsThatOfItsFirstStage() =>
        Assert.Equal((long)(((18 * 32 / 16.0) + 6) * 4 * 1000 * 2000), ActivationMemory.Estimate(ModelConfig.Preset("t", 19), 1000, 2000));

    [Fact]
    public void Require_PictureTooLargeForTheMachine_PointsToWindows()
    {
        ModelConfig model = ModelConfig.Preset("b", 19);
        ActivationMemory.Require(model, 1024, 2048, 1L << 30);
        InputException error = Assert.Throws<InputException>(() => ActivationMemory.Require(model, 10_000, 20_000, 8_000_000_000));
        Assert.Equal("20000×10000 pixels at once need about 62.4 GB of memory, and there are 8.0; use --mode slide, which cuts the picture into windows.", error.Message);
    }
}
