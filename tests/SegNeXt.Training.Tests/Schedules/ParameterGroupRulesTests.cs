using System.Globalization;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class ParameterGroupRulesTests
{
    [Fact]
    public void Official_EveryParameterOfTiny_EqualsTheReleasedOptimizer()
    {
        Check(File.ReadAllLines(Path.Combine(TestPaths.Golden, "param_groups_tiny.csv")), expected: 201);
    }

    [SkippableFact]
    public void Official_EveryParameterOfT_EqualsTheReleasedOptimizer()
    {
        string[] lines = File.ReadAllLines(TestPaths.RequireGolden("param_groups_t.csv"));
        Check(lines, expected: lines.Length - 1);
    }

    [Theory]
    [InlineData("backbone.block1.0.norm1.weight", 0.0, "norm")]
    [InlineData("backbone.patch_embed1.proj.1.weight", 0.01, "-")]
    [InlineData("decode_head.align.gn.weight", 0.01, "-")]
    [InlineData("decode_head.conv_seg.bias", 0.01, "-")]
    public void Plain_AnyName_KeepsTheRate(string name, double decay, string key)
    {
        Assert.Equal((1e-3, decay, key), ParameterGroupRules.Plain(name, 1e-3, 0.01));
    }

    [Fact]
    public void Official_SeveralKeysInOneName_LongestWinsThenAlphabet()
    {
        Assert.Equal("head", ParameterGroupRules.Official("decode_head.norm.weight", 1, 1, 10).Key);
        Assert.Equal((1.0, 0.0, "pos_block"), ParameterGroupRules.Official("head.pos_block.norm", 1, 1, 10));
    }

    private static void Check(string[] lines, int expected)
    {
        Assert.Equal("index,name,numel,lr,weight_decay,matched_key", lines[0]);
        Assert.Equal(expected, lines.Length - 1);
        foreach (string line in lines.Skip(1))
        {
            string[] cells = line.Split(',');
            (double lr, double decay, string key) = ParameterGroupRules.Official(cells[1], 6e-5, 0.01, 10);
            Assert.Equal(double.Parse(cells[3], CultureInfo.InvariantCulture), lr);
            Assert.Equal(double.Parse(cells[4], CultureInfo.InvariantCulture), decay);
            Assert.Equal(cells[5], key);
        }
    }
}
