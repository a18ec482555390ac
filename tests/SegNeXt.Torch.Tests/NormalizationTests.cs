namespace SegNeXt.Torch.Tests;

public sealed class NormalizationTests : TorchTest
{
    [Fact]
    public void BatchNorm_Training_NormalisesAndUpdatesStatistics()
    {
        Tensor x = Doubles([1, 2, 3, 4, 10, 10, 30, 30], 2, 2, 2, 1);
        Tensor mean = Doubles([0, 0], 2), var = Doubles([1, 1], 2);
        Tensor weight = Doubles([1, 2], 2), bias = Doubles([0, 5], 2);

        Tensor y = Functional.BatchNorm(x, weight, bias, mean, var, training: true, momentum: 0.1, eps: 0);

        // Channel 0 holds 1, 2, 10, 10; channel 1 holds 3, 4, 30, 30.
        double m0 = 5.75, v0 = 18.1875, m1 = 16.75, v1 = 175.6875;
        double s0 = Math.Sqrt(v0), s1 = Math.Sqrt(v1);
        AssertClose(
            [
                (1 - m0) / s0, (2 - m0) / s0, (2 * (3 - m1) / s1) + 5, (2 * (4 - m1) / s1) + 5,
                (10 - m0) / s0, (10 - m0) / s0, (2 * (30 - m1) / s1) + 5, (2 * (30 - m1) / s1) + 5,
            ],
            y);
        AssertClose([0.1 * m0, 0.1 * m1], mean);
        // The running variance is the unbiased one: n / (n − 1) with n = 4.
        AssertClose([0.9 + (0.1 * v0 * 4 / 3), 0.9 + (0.1 * v1 * 4 / 3)], var);
    }

    [Fact]
    public void BatchNorm_Evaluation_UsesRunningStatistics()
    {
        Tensor mean = Doubles([1], 1), var = Doubles([4], 1);

        Tensor y = Functional.BatchNorm(Doubles([3, 5], 2, 1, 1, 1), null, null, mean, var, false, 0.1, 0);

        AssertClose([1, 2], y);
        AssertClose([1], mean);
    }

    [Fact]
    public void LayerNorm_LastDimension_HasMeanZeroAndVarianceOne()
    {
        Tensor y = Functional.LayerNorm(Draws(1, 4, 16) * 3 + 7, [16], eps: 0);

        AssertClose(new double[4], y.Mean([1]), 1e-12);
        AssertClose([1, 1, 1, 1], (y * y).Mean([1]), 1e-12);
    }

    [Fact]
    public void GroupNorm_Groups_AreNormalisedApart()
    {
        Tensor x = Draws(1, 2, 6, 3, 3);

        Tensor y = Functional.GroupNorm(x, 3, Tensor.Ones([6], ScalarType.Float64), eps: 0);

        Tensor groups = y.Reshape(6, 18);
        AssertClose(new double[6], groups.Mean([1]), 1e-12);
        AssertClose([1, 1, 1, 1, 1, 1], (groups * groups).Mean([1]), 1e-12);
    }

    [Fact]
    public void Normalize_Vectors_GetLengthOne()
    {
        AssertClose(Doubles([0.6, 0.8, 0, 0], 2, 2), Functional.Normalize(Doubles([3, 4, 0, 0], 2, 2), 1));
        AssertClose([0.3, 0.4], Functional.Normalize(Doubles([3, 4], 2), 0, eps: 10));
    }

    [Fact]
    public void BatchNorm_Gradients_MatchDifferences() =>
        AssertGradients(
            static v => Functional.BatchNorm(v[0], v[1], v[2], null, null, true, 0.1, 1e-5),
            Draws(1, 3, 2, 2, 3), Draws(2, 2), Draws(3, 2));

    [Fact]
    public void LayerNorm_Gradients_MatchDifferences() =>
        AssertGradients(static v => Functional.LayerNorm(v[0], [5], v[1], v[2]), Draws(1, 3, 5), Draws(2, 5), Draws(3, 5));

    [Fact]
    public void GroupNorm_Gradients_MatchDifferences() =>
        AssertGradients(
            static v => Functional.GroupNorm(v[0], 2, v[1], v[2]), Draws(1, 2, 4, 2, 2), Draws(2, 4), Draws(3, 4));

    [Fact]
    public void Normalize_Gradients_MatchDifferences() =>
        AssertGradients(static v => Functional.Normalize(v[0], 1), Draws(1, 2, 3, 2));
}
