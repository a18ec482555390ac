using SegNeXt.Kernels;

namespace SegNeXt.Inference.Tests;

/// <summary>Threads that take rows over from each other compute each row once a pass, one pass after the other.</summary>
public sealed class SharedRowsTests
{
    private const int Height = 41;

    private static readonly int[] s_passes = [2, 3];
    private static readonly TileCut s_cut = new(Height, 30, Parts: 2, Down: 2, Across: 3);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    public void Run_ThreadsOfDifferentSpeed_ComputeEachRowOnceInEachPass(int threads, int step)
    {
        using ThreadTeam team = new(threads);
        int[,,] done = new int[2, 3, Height];
        string? fault = null;
        SharedRows rows = new(s_cut, threads, step, s_passes, (thread, tile, part, pass, claim) =>
        {
            int expected = tile.Top;
            for (int count = claim.Next(out int row); count > 0; count = claim.Next(out row))
            {
                fault = row != expected || count > step ? $"{count} rows from {row} on instead of {expected}" : fault;
                expected = row + count;
                for (int y = row; y < row + count; y++)
                {
                    // A row's passes are one thread's, or handed on with it: no two threads are here for one row.
                    if (Interlocked.CompareExchange(ref done[part, tile.Left / 10, y], pass + 1, pass) != pass)
                    {
                        fault = $"row {y} of part {part}, column {tile.Left} is not ready for pass {pass}";
                    }
                }

                Thread.SpinWait(thread == 0 ? 2000 : 20 * thread);
            }
        });
        for (int run = 0; run < 100; run++)
        {
            Array.Clear(done);
            team.For(s_cut.Count, rows.Run);
            Assert.Null(fault);
            for (int part = 0; part < 2; part++)
            {
                for (int i = 0; i < 3 * Height; i++)
                {
                    Assert.Equal(s_passes[part], done[part, i / Height, i % Height]);
                }
            }
        }
    }

    [Fact]
    public void Run_AThreadThatIsHeldUp_LosesTheLowerHalfOfItsRows()
    {
        using ThreadTeam team = new(2);
        using ManualResetEventSlim taken = new();
        int first = -1, top = -1;
        SharedRows rows = new(new TileCut(40, 10, Parts: 1, Down: 1, Across: 2), 2, 2, [1], (thread, tile, _, _, claim) =>
        {
            if (tile is { Left: 0, Top: > 0 })
            {
                Interlocked.CompareExchange(ref top, tile.Top, -1);
                taken.Set();
            }

            while (claim.Next(out int row) > 0)
            {
                if (tile is { Left: 0, Top: 0 })
                {
                    first = row;
                    Assert.True(taken.Wait(TimeSpan.FromSeconds(30)), "Nobody has taken rows over.");
                }
            }
        });
        team.For(2, rows.Run);
        Assert.InRange(top, 20, 22);
        Assert.InRange(first, 0, top - 1);
    }

    [Fact]
    public void Run_AfterAFault_BeginsAnew()
    {
        using ThreadTeam team = new(2);
        bool fails = true;
        int count = 0;
        SharedRows rows = new(s_cut, 2, 2, s_passes, (_, _, part, _, claim) =>
        {
            for (int taken = claim.Next(out _); taken > 0; taken = claim.Next(out _))
            {
                Interlocked.Add(ref count, taken);
                if (fails && part == 1)
                {
                    throw new InvalidOperationException("fault");
                }
            }
        });
        Assert.Throws<AggregateException>(() => team.For(s_cut.Count, rows.Run));
        (fails, count) = (false, 0);
        team.For(s_cut.Count, rows.Run);
        Assert.Equal(3 * Height * s_passes.Sum(), count);
    }
}
