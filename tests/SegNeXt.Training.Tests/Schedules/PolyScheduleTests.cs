using System.Globalization;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class PolyScheduleTests
{
    [Fact]
    public void Rate_OfficialSchedule_EqualsTheReleasedCodeToTheLastBit()
    {
        string[] lines = File.ReadAllLines(Path.Combine(TestPaths.Golden, "lr_schedule.csv"));
        Assert.Equal("max_iters,iteration,lr_backbone,lr_head", lines[0]);
        Assert.Equal(14, lines.Length);
        foreach (string line in lines.Skip(1))
        {
            string[] cells = line.Split(',');
            PolySchedule schedule = new(int.Parse(cells[0], CultureInfo.InvariantCulture), warmupIterations: 1500);
            int iteration = int.Parse(cells[1], CultureInfo.InvariantCulture);
            Assert.Equal(double.Parse(cells[2], CultureInfo.InvariantCulture), schedule.Rate(iteration, 6e-5));
            Assert.Equal(double.Parse(cells[3], CultureInfo.InvariantCulture), schedule.Rate(iteration, 6e-5 * 10));
        }
    }

    [Fact]
    public void Rate_NoWarmup_FallsFromBaseToMinimum()
    {
        PolySchedule schedule = new(100, minimum: 1e-5);
        Assert.Equal(1e-3, schedule.Rate(0, 1e-3), 15);
        Assert.Equal(1e-5, schedule.Rate(100, 1e-3));
        Assert.Equal(1e-5, schedule.Rate(250, 1e-3));
        for (int i = 1; i <= 100; i++)
        {
            Assert.True(schedule.Rate(i, 1e-3) < schedule.Rate(i - 1, 1e-3));
        }
    }

    [Fact]
    public void Rate_PowerTwo_IsTheSquareOfWhatIsLeft()
    {
        Assert.Equal(0.25 * 0.25, new PolySchedule(8, power: 2).Rate(6, 1.0), 15);
    }

    [Theory]
    [InlineData(0, 0, 0.5, 1.0, 0.0)]
    [InlineData(10, -1, 0.5, 1.0, 0.0)]
    [InlineData(10, 0, 1.5, 1.0, 0.0)]
    [InlineData(10, 0, 0.5, -1.0, 0.0)]
    [InlineData(10, 0, 0.5, 1.0, -1.0)]
    public void Constructor_OutOfRange_Throws(int iterations, int warmup, double ratio, double power, double minimum)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolySchedule(iterations, warmup, ratio, power, minimum));
    }
}
