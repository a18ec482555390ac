namespace SegNeXt.Kernels.Tests;

public sealed class FmaPeakTests
{
    public static TheoryData<InstructionLevel> Levels => [.. InstructionLevels.Available];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Measure_EachLevel_IsWhatProcessorsCanDo(InstructionLevel level)
    {
        // At most four multiply-adds begin in a cycle, at less than 7 GHz; a loop that was optimised away would be faster.
        double most = 2.0 * 4 * 7e9 * KernelSet.For(level).VectorLength;
        Assert.InRange(FmaPeak.Measure(1, level), 1e8, most);
        Assert.InRange(FmaPeak.Measure(2, level), 1e8, 2 * most);
    }

    [Fact]
    public void Measure_NoThread_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => FmaPeak.Measure(0));
}
