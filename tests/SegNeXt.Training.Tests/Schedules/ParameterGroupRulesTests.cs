using System.Globalization;
using SegNeXt.Core;
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

    [Theory]
    [InlineData("t")]
    [InlineData("b")]
    public void IsMatrix_EveryParameter_IsADenseConvolutionOfEncoderOrDecoder(string size)
    {
        ModelConfig config = ModelConfig.Preset(size, 19);
        string[] matrices = [.. ModelLayout.Enumerate(config).Where(spec => ParameterGroupRules.IsMatrix(spec.Name, spec.Shape)).Select(spec => spec.Name)];
        Assert.All(matrices, name => Assert.EndsWith(".weight", name, StringComparison.Ordinal));
        Assert.All(matrices, name => Assert.DoesNotContain("dwconv", name, StringComparison.Ordinal));

        // proj_1, conv3, proj_2, fc1 and fc2 of each block; the stem's two and a down-sampling for each further stage.
        int blocks = config.Encoder.Depths.Sum();
        Assert.Equal((5 * blocks) + 5, matrices.Count(name => name.StartsWith("backbone.", StringComparison.Ordinal)));
        Assert.Contains("decode_head.squeeze.conv.weight", matrices);
        Assert.DoesNotContain("decode_head.conv_seg.weight", matrices);
    }

    [Theory]
    [InlineData("head.weight", new long[] { 10, 256 })]
    [InlineData("decode_head.linear_pred.weight", new long[] { 19, 256, 1, 1 })]
    [InlineData("block1.0.attn.spatial_gating_unit.conv0_1.weight", new long[] { 32, 1, 1, 7 })]
    [InlineData("norm1.weight", new long[] { 32 })]
    [InlineData("decode_head.gamma.scale", new long[] { })]
    public void IsMatrix_ClassifiersAndWhatHasOneInput_AreNone(string name, long[] shape) => Assert.False(ParameterGroupRules.IsMatrix(name, shape));

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
