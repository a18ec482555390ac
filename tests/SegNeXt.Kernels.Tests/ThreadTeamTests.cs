namespace SegNeXt.Kernels.Tests;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void For_ManyLoops_RunsEachItemOnceOnAThreadOfTheTeam(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int count = 0; count < 200; count++)
        {
            var seen = new int[count];
            team.For(count, (thread, item) =>
            {
                Assert.InRange(thread, 0, threads - 1);
                Interlocked.Increment(ref seen[item]);
            });
            Assert.All(seen, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void For_BodyThrows_ThrowsItAndWorksOn()
    {
        using ThreadTeam team = new(3);
        AggregateException thrown = Assert.Throws<AggregateException>(() => team.For(50, (_, item) =>
        {
            if (item == 17)
            {
                throw new InvalidOperationException("seventeen");
            }
        }));
        Assert.Equal("seventeen", thrown.InnerException!.Message);
        int sum = 0;
        team.For(10, (_, item) => Interlocked.Add(ref sum, item));
        Assert.Equal(45, sum);
    }

    [Fact]
    public void For_CallersFromManyThreads_QueueUp()
    {
        using ThreadTeam team = new(2);
        long sum = 0;
        Parallel.For(0, 50, _ => team.For(20, (_, item) => Interlocked.Add(ref sum, item)));
        Assert.Equal(50 * 190, sum);
    }

    [Fact]
    public void Dispose_Twice_EndsTheThreadsOnce()
    {
        ThreadTeam team = new(4);
        team.For(8, (_, _) => { });
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => team.For(8, (_, _) => { }));
    }
}
