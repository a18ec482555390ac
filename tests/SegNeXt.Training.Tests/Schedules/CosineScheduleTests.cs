namespace SegNeXt.Training.Tests;

public sealed class CosineScheduleTests
{
    [Fact]
    public void Rate_WarmUpThenCosine_IsTheDocumentedCurve()
    {
        CosineSchedule schedule = new(100, WarmupIterations: 10, WarmupRatio: 0.1, Minimum: 1e-5);
        Assert.Equal(1e-4, schedule.Rate(0, 1e-3), 1e-15);
        Assert.Equal(5.5e-4, schedule.Rate(5, 1e-3), 1e-15);
        Assert.Equal(1e-5 + (0.5 * 9.9e-4), schedule.Rate(50, 1e-3), 1e-15);
        Assert.Equal(1e-5, schedule.Rate(100, 1e-3), 1e-15);
        Assert.Equal(1e-5, schedule.Rate(1000, 1e-3), 1e-15);
        Assert.All(Enumerable.Range(10, 90), i => Assert.True(schedule.Rate(i + 1, 1e-3) < schedule.Rate(i, 1e-3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Rate(-1, 1));
    }

    [Fact]
    public void Rate_FlatForAShare_FallsFromThereOn()
    {
        CosineSchedule schedule = new(100, WarmupIterations: 10, WarmupRatio: 0.1, Minimum: 1e-5, Flat: 0.6);
        Assert.Equal(1e-4, schedule.Rate(0, 1e-3), 1e-15);
        Assert.Equal(5.5e-4, schedule.Rate(5, 1e-3), 1e-15);
        Assert.All(Enumerable.Range(10, 51), i => Assert.Equal(1e-3, schedule.Rate(i, 1e-3), 1e-15));
        Assert.Equal(1e-5 + (0.5 * 9.9e-4), schedule.Rate(80, 1e-3), 1e-15);
        Assert.Equal(1e-5, schedule.Rate(100, 1e-3), 1e-15);
        Assert.Equal(1e-5, schedule.Rate(1000, 1e-3), 1e-15);
        Assert.All(Enumerable.Range(60, 40), i => Assert.True(schedule.Rate(i + 1, 1e-3) < schedule.Rate(i, 1e-3)));
    }
}
