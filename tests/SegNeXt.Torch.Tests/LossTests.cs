namespace SegNeXt.Torch.Tests;

public sealed class LossTests : TorchTest
{
    private static readonly double[] s_pixel = [0.5, 1, -2];

    [Fact]
    public void CrossEntropy_NoReduction_IsMinusLogSoftmax()
    {
        Tensor loss = Functional.CrossEntropy(
            Doubles(s_pixel, 1, 3), Tensor.FromArray<long>([1], [1]), reduction: Reduction.None);

        AssertClose([LogSumExp() - 1], loss);
    }

    [Fact]
    public void CrossEntropy_IgnoredElements_DoNotCount()
    {
        Tensor logits = Doubles([.. s_pixel, 5, 6, 7], 2, 3);
        Tensor target = Tensor.FromArray<long>([1, 255], [2]);

        AssertClose([LogSumExp() - 1], Functional.CrossEntropy(logits, target, ignoreIndex: 255));
        AssertClose([LogSumExp() - 1], Functional.CrossEntropy(logits, target, null, 255, Reduction.Sum));
        AssertClose([LogSumExp() - 1, 0], Functional.CrossEntropy(logits, target, null, 255, Reduction.None));
    }

    [Fact]
    public void CrossEntropy_EverythingIgnored_HasNoMean() =>
        Assert.True(double.IsNaN(
            Functional.CrossEntropy(Doubles(s_pixel, 1, 3), Tensor.FromArray<long>([255], [1]), ignoreIndex: 255).Item()));

    [Fact]
    public void CrossEntropy_ClassWeights_WeighTheMean()
    {
        Tensor logits = Doubles([.. s_pixel, .. s_pixel], 2, 3);
        Tensor target = Tensor.FromArray<long>([0, 1], [2]);
        double first = LogSumExp() - 0.5, second = LogSumExp() - 1;

        Tensor loss = Functional.CrossEntropy(logits, target, Doubles([3, 1, 1], 3));

        AssertClose([((3 * first) + second) / 4], loss);
    }

    [Fact]
    public void CrossEntropy_LabelSmoothing_SpreadsTheTarget()
    {
        Tensor loss = Functional.CrossEntropy(
            Doubles(s_pixel, 1, 3), Tensor.FromArray<long>([1], [1]), labelSmoothing: 0.3);

        double all = (3 * LogSumExp()) - (0.5 + 1 - 2);
        AssertClose([(0.7 * (LogSumExp() - 1)) + (0.1 * all)], loss);
    }

    [Fact]
    public void CrossEntropy_Maps_AreTakenPixelByPixel()
    {
        Tensor logits = Draws(1, 2, 4, 3, 5);
        Tensor target = Tensor.Arange(30).Reshape(2, 3, 5);
        target = (target - (target / 4).To(ScalarType.Int64) * 4).To(ScalarType.Int64);

        Tensor rows = logits.Permute(0, 2, 3, 1).Reshape(30, 4);

        AssertClose(
            Functional.CrossEntropy(rows, target.Flatten()), Functional.CrossEntropy(logits, target), 1e-12);
    }

    [Fact]
    public void CrossEntropy_TargetOutsideTheClasses_Throws() =>
        Assert.Throws<TorchException>(
            () => Functional.CrossEntropy(Doubles(s_pixel, 1, 3), Tensor.FromArray<long>([3], [1])));

    [Fact]
    public void CrossEntropy_Gradients_MatchDifferences() =>
        AssertGradients(
            static v => Functional.CrossEntropy(v[0], Tensor.FromArray<long>([1, 255, 0], [1, 1, 3]), null, 255),
            Draws(1, 1, 4, 1, 3));

    private static double LogSumExp() => Math.Log(s_pixel.Sum(Math.Exp));
}
