using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Comparisons with the reference, with the tolerances of the golden README.</summary>
internal static class Close
{
    /// <summary>
    /// Ten times the largest difference that the reference showed against itself (other threads, double precision):
    /// its README's comfortable limit.
    /// </summary>
    public const double Margin = 10;

    /// <summary>max|a − b| ≤ limit.</summary>
    public static void Absolute(Tensor expected, Tensor actual, double limit, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double difference = Difference(expected, actual);
        Assert.True(difference <= limit, $"{what}: max |difference| is {difference:g3}, the limit {limit:g3}.");
    }

    /// <summary>max|a − b| ≤ limit · max|a|.</summary>
    public static void Relative(Tensor expected, Tensor actual, double limit, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        using TensorScope scope = new();
        double scale = expected.Abs().Max().Item();
        double difference = Difference(expected, actual);
        Assert.True(difference <= limit * scale, $"{what}: max |difference| is {difference:g3} at a scale of {scale:g3}; the relative limit is {limit:g3}.");
    }

    private static double Difference(Tensor expected, Tensor actual)
    {
        using TensorScope scope = new();
        double difference = (expected - actual.Detach()).Abs().Max().Item();
        Assert.True(double.IsFinite(difference), "a value is not finite");
        return difference;
    }
}
