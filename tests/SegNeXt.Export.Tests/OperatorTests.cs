namespace SegNeXt.Export.Tests;

/// <summary>The evaluator's operators on cases that can be worked out by hand.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(-1, -0.8427007929)]
    [InlineData(2, 0.9953222650)]
    [InlineData(3.5, 0.9999992569)]
    [InlineData(9, 1)]
    [InlineData(double.NegativeInfinity, -1)]
    public void Erf_KnownPlaces_IsExact(double x, double expected) => Assert.Equal(expected, Elementwise.Erf((float)x), 6e-8);

    [Fact]
    public void Erf_NoNumber_StaysNone() => Assert.True(float.IsNaN(Elementwise.Erf(float.NaN)));

    [Fact]
    public void Combine_AxesOfOne_AreRepeated()
    {
        float[] sums = Elementwise.Combine([1, 2, 3, 4, 5, 6], [1, 2, 3], [10, 20], [2, 1], [1, 2, 3], (a, b) => a + b);
        Assert.Equal([11f, 12, 13, 24, 25, 26], sums);
        Assert.Equal([2f, 4], Elementwise.Combine([1, 2], [2], [2], [], [2], (a, b) => a * b));
    }

    [Fact]
    public void Convolution_StridesAndPads_FollowTheDefinition()
    {
        // 3×3 of ones over 1 … 9 with a step of 2: the corners' sums of four, and a bias.
        float[] map = [1, 2, 3, 4, 5, 6, 7, 8, 9], ones = [1, 1, 1, 1, 1, 1, 1, 1, 1];
        Assert.Equal([12.5f, 16.5f, 24.5f, 28.5f], Convolutions.Compute(map, [1, 1, 3, 3], ones, [1, 1, 3, 3], [0.5f], [1, 1, 2, 2], [2, 2], [1, 1, 1, 1], 1));
    }

    [Fact]
    public void Convolution_DepthWise_KeepsChannelsApart()
    {
        float[] map = [1, 2, 3, 10, 20, 30];
        Assert.Equal([2f, 3, 0, 20, 40, 60], Convolutions.Compute(map, [1, 2, 1, 3], [0, 0, 1, 0, 2, 0], [2, 1, 1, 3], null, [1, 2, 1, 3], [1, 1], [0, 1, 0, 1], 2));
    }

    [Fact]
    public void Product_SingleMatrix_IsRepeated() =>
        Assert.Equal([1f * 5 + 2 * 6, 3 * 5 + 4 * 6, 5 * 5 + 6 * 6, 7 * 5 + 8 * 6], Convolutions.MultiplyBatches([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], [5, 6], [1, 2, 1], [2, 2, 1]));

    [Fact]
    public void Softmax_LargeNumbers_DoNotOverflow() => Assert.Equal([0.5f, 0.5f, 1, 0], Rows.Softmax([1000, 1000, 0, -1000], 2));

    [Fact]
    public void Norms_TwoValues_BecomePlusAndMinusOne()
    {
        Assert.Equal([-1f, 3f], Rows.LayerNorm([3, 5], 2, [1, 2], [0, 1], 0));
        Assert.Equal([-1f, 1, -1, 3], Rows.InstanceNorm([3, 5, 10, 30], [1, 2, 2], [1, 2], [0, 1], 0));
    }

    [Fact]
    public void Transpose_ThreeAxes_MovesEachElement() =>
        Assert.Equal([1f, 4, 2, 5, 3, 6], Places.Transpose([1, 2, 3, 4, 5, 6], [1, 2, 3], [0, 2, 1]));

    [Fact]
    public void Resize_TwiceTheSize_MixesByQuarters() =>
        Assert.Equal([0f, 1, 3, 4], Places.Resize([0, 4], [1, 1, 1, 2], [1, 1, 1, 4]));

    [Fact]
    public void ArgMax_EqualScores_TakesTheFirst() => Assert.Equal([1f, 0], Places.ArgMax([1, 5, 2, 5, 2, 3], [1, 3, 1, 2]));
}
