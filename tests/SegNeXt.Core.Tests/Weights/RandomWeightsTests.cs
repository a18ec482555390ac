namespace SegNeXt.Core.Tests;

public sealed class RandomWeightsTests
{
    [Theory]
    [InlineData("t", 150)]
    [InlineData("l", 1)]
    public void RandomWeights_AreAModelFileOfThatModel(string size, int classes)
    {
        ModelConfig config = ModelConfig.Preset(size, classes);
        using RandomWeights weights = new(config);
        RecoveredModel recovered = ModelInspector.Recover(weights);
        Assert.Equal((size, classes), (recovered.Config.Name, recovered.Config.NumClasses));
        MatchResult match = StateMatcher.Match(weights, ModelLayout.Enumerate(config), recovered.NameMap);
        Assert.Equal(ModelLayout.Enumerate(config).Count, match.Loaded);
    }

    [Fact]
    public void RandomWeights_ReadInPieces_AreTheSameNumbers()
    {
        const string Name = "backbone.block1.0.attn.proj_1.weight";
        using RandomWeights weights = new(ModelConfig.Preset("t", 3)), again = new(ModelConfig.Preset("t", 7));
        var values = new float[32 * 32];
        weights.ReadFloats(Name, values);
        byte[] bytes = new byte[4 * values.Length];
        for (int start = 0, length = 1; start < bytes.Length; start += length, length++)
        {
            length = Math.Min(length, bytes.Length - start);
            again.ReadBytes(Name, start, bytes.AsSpan(start, length));
        }

        Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => BitConverter.ToSingle(bytes, 4 * i)));
        Assert.True(values.Distinct().Count() > 1000);
        Assert.All(values, value => Assert.InRange(value, -MathF.Sqrt(3f / 32), MathF.Sqrt(3f / 32)));
    }

    [Fact]
    public void RandomWeights_StatisticsOfNorms_CanBeDividedBy()
    {
        using RandomWeights weights = new(ModelConfig.Preset("t", 3));
        var variance = new float[32];
        weights.ReadFloats("backbone.block1.0.norm1.running_var", variance);
        Assert.All(variance, value => Assert.InRange(value, 0.5f, 1.5f));
        var seen = new long[1];
        weights.ReadInt64("backbone.block1.0.norm1.num_batches_tracked", seen);
        Assert.Equal(0, seen[0]);
        Assert.Throws<InputException>(() => weights.ReadFloats("nothing", variance));
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.ReadBytes("backbone.block1.0.layer_scale_1", 125, new byte[4]));
    }
}
