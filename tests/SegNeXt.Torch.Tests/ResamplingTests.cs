namespace SegNeXt.Torch.Tests;

public sealed class ResamplingTests : TorchTest
{
    [Fact]
    public void Interpolate_Bilinear_KeepsPixelEdgesInPlace()
    {
        Tensor x = Doubles([0, 4], 1, 1, 1, 2);

        // Centres of the new pixels at −0.25, 0.25, 0.75, 1.25 of the old ones; outside, the border's value.
        AssertClose([0, 1, 3, 4], Functional.Interpolate(x, (1, 4)));
    }

    [Fact]
    public void Interpolate_AlignCorners_KeepsCornersInPlace() =>
        AssertClose([0, 1, 2, 3], Functional.Interpolate(Doubles([0, 3], 1, 1, 1, 2), (1, 4), alignCorners: true));

    [Fact]
    public void Interpolate_Nearest_TakesTheFloor() =>
        AssertClose(
            [1, 1, 2, 2, 3],
            Functional.Interpolate(Doubles([1, 2, 3], 1, 1, 1, 3), (1, 5), InterpolationMode.Nearest));

    [Theory]
    [InlineData(InterpolationMode.Nearest)]
    [InlineData(InterpolationMode.Bilinear)]
    [InlineData(InterpolationMode.Bicubic)]
    public void Interpolate_SameSize_IsIdentity(InterpolationMode mode)
    {
        Tensor x = Draws(1, 2, 3, 5, 7);

        AssertClose(x, Functional.Interpolate(x, (5, 7), mode));
    }

    [Theory]
    [InlineData(InterpolationMode.Bilinear)]
    [InlineData(InterpolationMode.Bicubic)]
    public void Interpolate_Constant_StaysConstant(InterpolationMode mode) =>
        AssertClose(
            Tensor.Full([1, 2, 5, 9], 3, ScalarType.Float64),
            Functional.Interpolate(Tensor.Full([1, 2, 3, 4], 3, ScalarType.Float64), (5, 9), mode));

    [Fact]
    public void AvgPool2d_Windows_AreAveraged()
    {
        Tensor x = Counting(1, 1, 2, 4);

        AssertClose([3.5, 5.5], Functional.AvgPool2d(x, (2, 2)));
        AssertClose([3.5, 4.5, 5.5], Functional.AvgPool2d(x, (2, 2), stride: (1, 1)));
    }

    [Fact]
    public void MaxPool2d_Windows_GiveTheirLargest()
    {
        Tensor x = -Counting(1, 1, 2, 4);

        AssertClose([-1, -3], Functional.MaxPool2d(x, (2, 2)));
        // Padding does not win over negative values.
        AssertClose([-1, -2, -4], Functional.MaxPool2d(x, (2, 2), (2, 2), (1, 1)).Select(2, 0));
    }

    [Fact]
    public void AdaptiveAvgPool2d_OnePixel_IsTheMean() =>
        AssertClose([3.5], Functional.AdaptiveAvgPool2d(Counting(1, 1, 2, 3), (1, 1)));

    [Fact]
    public void Pad_Modes_FillTheBorder()
    {
        Tensor x = Counting(1, 1, 1, 3);

        AssertClose([9, 1, 2, 3, 9, 9], Functional.Pad(x, [1, 2], value: 9));
        AssertClose([2, 1, 2, 3, 2, 1], Functional.Pad(x, [1, 2, 0, 0], PaddingMode.Reflect));
        AssertClose([1, 1, 2, 3, 3, 3], Functional.Pad(x, [1, 2, 0, 0], PaddingMode.Replicate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interpolate_Gradients_MatchDifferences(bool alignCorners) =>
        AssertGradients(
            v => Functional.Interpolate(v[0], (5, 7), InterpolationMode.Bilinear, alignCorners), Draws(1, 1, 2, 3, 4));
}
