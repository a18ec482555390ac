namespace SegNeXt.Data.Tests;

public class SampleRandomTests
{
    [Fact]
    public void NextUInt64_SeedZero_GivesPublishedSequence()
    {
        // xoshiro256** after SplitMix64(0), as in the reference C code of Blackman and Vigna.
        SampleRandom random = new(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.NextUInt64());
        Assert.Equal(0xBF6E1F784956452AUL, random.NextUInt64());
        Assert.Equal(0x1A5F849D4933E6E0UL, random.NextUInt64());
    }

    [Fact]
    public void NextDouble_ManyDraws_FillsUnitIntervalEvenly()
    {
        SampleRandom random = new(1);
        int[] bins = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            double value = random.NextDouble();
            Assert.InRange(value, 0.0, 0.9999999999999999);
            bins[(int)(value * 10)]++;
        }

        // Standard deviation of a bin is 95.
        Assert.All(bins, n => Assert.InRange(n, 9_500, 10_500));
    }

    [Theory]
    [InlineData(-18, 18)]
    [InlineData(0, 1)]
    [InlineData(0, 7)]
    [InlineData(int.MinValue, int.MaxValue)]
    public void NextInt_Range_StaysInsideAndReachesBothHalves(int min, int maxExclusive)
    {
        SampleRandom random = new(2);
        double middle = ((double)min + maxExclusive) / 2;
        int lower = 0;
        for (int i = 0; i < 10_000; i++)
        {
            int value = random.NextInt(min, maxExclusive);
            Assert.InRange(value, min, maxExclusive - 1);
            lower += value < middle ? 1 : 0;
        }

        Assert.True(maxExclusive - (long)min == 1 || lower is > 4_000 and < 6_000, $"{lower} of 10000 in the lower half");
    }

    [Fact]
    public void NextInt_EmptyRange_Throws()
    {
        SampleRandom random = new(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt(4, 4));
    }

    [Fact]
    public void Shuffle_Items_KeepsThemAll()
    {
        SampleRandom random = new(4);
        int[] items = [.. Enumerable.Range(0, 50)];
        random.Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 50), items);
        Assert.Equal(Enumerable.Range(0, 50), items.Order());
    }

    [Fact]
    public void SeedsFor_DifferentSeedStreamOrIndex_DiffersAndRepeats()
    {
        ulong[] seeds = [Seeds.For(1, "a", 0), Seeds.For(2, "a", 0), Seeds.For(1, "b", 0), Seeds.For(1, "a", 1), Seeds.For(0, "a", 1)];
        Assert.Equal(seeds.Length, seeds.Distinct().Count());
        Assert.Equal(Seeds.For(1, "a", 0), seeds[0]);
    }
}
