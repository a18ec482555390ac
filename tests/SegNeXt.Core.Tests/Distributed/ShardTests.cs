using FsCheck;
using FsCheck.Fluent;

namespace SegNeXt.Core.Tests;

public class ShardTests
{
    [Fact]
    public void Of_AllShards_AreTheListOnceEach()
    {
        Gen<(int Length, int Count)> cases = Gen.Choose(0, 60).SelectMany(length => Gen.Choose(1, 20).Select(count => (length, count)));
        Prop.ForAll(cases.ToArbitrary(), sizes =>
        {
            int[] list = [.. Enumerable.Range(100, sizes.Length)];
            Shard[] shards = [.. Enumerable.Range(0, sizes.Count).Select(i => new Shard(i, sizes.Count))];
            IReadOnlyList<int>[] shares = [.. shards.Select(shard => shard.Of(list))];
            Assert.Equal(list, shares.SelectMany(share => share).Order());
            Assert.True(shares.Max(share => share.Count) - shares.Min(share => share.Count) <= 1);
            for (int s = 0; s < shards.Length; s++)
            {
                Assert.Equal(shares[s].Count, shards[s].LengthOf(list.Length));
                Assert.Equal(shares[s], Enumerable.Range(0, shares[s].Count).Select(item => list[shards[s].IndexOf(item)]));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Of_SecondList_GoesOnWhereTheFirstEnded()
    {
        string[] first = ["a", "b", "c"], second = ["d", "e"];
        Assert.Equal(["a", "c"], new Shard(0, 2).Of(first));
        Assert.Equal(["e"], new Shard(0, 2).Of(second, first.Length));
        Assert.Equal(["b", "d"], [.. new Shard(1, 2).Of(first), .. new Shard(1, 2).Of(second, first.Length)]);
    }

    [Theory]
    [InlineData("0/1")]
    [InlineData("3/4")]
    [InlineData("0/2147483647")]
    public void TryParse_Share_ReadsWhatToStringWrites(string text)
    {
        Assert.True(Shard.TryParse(text, out Shard shard));
        Assert.Equal(text, shard.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("4/4")]
    [InlineData("5/4")]
    [InlineData("-1/4")]
    [InlineData("0/0")]
    [InlineData("1/2/3")]
    [InlineData("1 / 2")]
    [InlineData("0/99999999999")]
    [InlineData("a/b")]
    public void TryParse_NoShare_IsFalse(string text) => Assert.False(Shard.TryParse(text, out _));
}
