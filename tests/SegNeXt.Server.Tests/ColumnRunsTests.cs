using SegNeXt.Core;

namespace SegNeXt.Server.Tests;

/// <summary>Run-length masks.</summary>
public sealed class ColumnRunsTests
{
    [Fact]
    public void Runs_OfASmallMap_AreCocos()
    {
        // Columns are 0 1, 0 1, 2 2.
        ColumnRuns runs = ColumnRuns.Of(new LabelMap(3, 2, [0, 0, 2, 1, 1, 2]));
        Assert.Equal([0, 1, 2], runs.Present);
        Assert.Equal([0, 1, 1, 1, 3], runs.Counts(0));
        Assert.Equal([1, 1, 1, 1, 2], runs.Counts(1));
        Assert.Equal([4, 2], runs.Counts(2));
        Assert.Equal([2, 2, 2], runs.Present.Select(runs.Pixels));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(50, 1)]
    [InlineData(17, 23)]
    public void Runs_OfRandomMaps_GiveThemBack(int width, int height)
    {
        Random random = new(width + (1000 * height));
        LabelMap map = new(width, height);
        for (int i = 0; i < map.Ids.Length; i++)
        {
            map.Ids[i] = (byte)(random.Next(3) == 0 ? random.Next(255) : 254);
        }

        ColumnRuns runs = ColumnRuns.Of(map);
        LabelMap back = new(width, height);
        Array.Fill(back.Ids, LabelMap.Ignore);
        foreach (int id in runs.Present)
        {
            int position = 0;
            foreach ((int count, int run) in runs.Counts(id).Select(static (count, run) => (count, run)))
            {
                Assert.True(count > 0 || run == 0, "Only the first run may be empty.");
                for (int end = position + count; position < end; position++)
                {
                    ref byte pixel = ref back.Ids[(position % height * width) + (position / height)];
                    pixel = run % 2 == 1 ? (byte)id : pixel;
                }
            }

            Assert.Equal(width * height, position);
        }

        Assert.Equal(map.Ids, back.Ids);
    }
}
