namespace SegNeXt.Torch.Tests;

public sealed class ConvolutionTests : TorchTest
{
    [Fact]
    public void Conv2d_OnesKernel_SumsNeighbours()
    {
        Tensor x = Counting(1, 1, 3, 3);
        Tensor weight = Tensor.Ones([1, 1, 3, 3], ScalarType.Float64);
        Tensor bias = Doubles([100], 1);

        Tensor y = Functional.Conv2d(x, weight, bias, padding: 1);

        AssertClose(Doubles([112, 121, 116, 127, 145, 133, 124, 139, 128], 1, 1, 3, 3), y);
    }

    [Fact]
    public void Conv2d_AsymmetricKernel_IsCrossCorrelation()
    {
        Tensor x = Counting(1, 1, 2, 3);
        Tensor weight = Doubles([1, 10], 1, 1, 1, 2);

        // Not flipped: y[i] = x[i] + 10·x[i + 1].
        AssertClose(Doubles([21, 32, 54, 65], 1, 1, 2, 2), Functional.Conv2d(x, weight));
    }

    [Theory]
    [InlineData(1, 7, 1, 1, 0, 3, 1, 1)]
    [InlineData(7, 1, 1, 1, 3, 0, 1, 1)]
    [InlineData(3, 3, 2, 2, 1, 1, 1, 1)]
    [InlineData(3, 5, 2, 1, 0, 2, 2, 3)]
    public void Conv2d_DepthWiseGeometry_MatchesLoops(
        int kh, int kw, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW)
    {
        const int Height = 9, Width = 15, Channels = 3;
        Tensor x = Draws(1, 1, Channels, Height, Width);
        Tensor weight = Draws(2, Channels, 1, kh, kw);

        Tensor y = Functional.Conv2d(
            x, weight, null, (strideH, strideW), (padH, padW), (dilationH, dilationW), Channels);

        int outH = ((Height + (2 * padH) - (dilationH * (kh - 1)) - 1) / strideH) + 1;
        int outW = ((Width + (2 * padW) - (dilationW * (kw - 1)) - 1) / strideW) + 1;
        double[] input = x.ToArray<double>(), kernel = weight.ToArray<double>();
        double[] expected = new double[Channels * outH * outW];
        for (int c = 0; c < Channels; c++)
        {
            for (int i = 0; i < outH * outW * kh * kw; i++)
            {
                (int place, int tap) = (i / (kh * kw), i % (kh * kw));
                int h = (place / outW * strideH) - padH + (tap / kw * dilationH);
                int w = (place % outW * strideW) - padW + (tap % kw * dilationW);
                if (h is >= 0 and < Height && w is >= 0 and < Width)
                {
                    expected[(c * outH * outW) + place] +=
                        input[(((c * Height) + h) * Width) + w] * kernel[(c * kh * kw) + tap];
                }
            }
        }

        AssertClose(Doubles(expected, 1, Channels, outH, outW), y, 1e-12);
    }

    [Fact]
    public void Conv2d_ChannelsLast_GivesTheSameValues()
    {
        Tensor x = Draws(1, 2, 4, 6, 5).To(ScalarType.Float32);
        Tensor weight = Draws(2, 8, 4, 3, 3).To(ScalarType.Float32);

        Tensor y = Functional.Conv2d(x, weight, padding: 1);
        Tensor z = Functional.Conv2d(x.To(MemoryFormat.ChannelsLast), weight.To(MemoryFormat.ChannelsLast), padding: 1);

        // float32 sums of 36 products of standard normals, in another order.
        AssertClose(y, z, 1e-5);
    }

    [Fact]
    public void Conv2d_WrongChannels_ThrowsWithLibtorchsText()
    {
        TorchException error = Assert.Throws<TorchException>(
            () => Functional.Conv2d(Tensor.Zeros([1, 3, 8, 8]), Tensor.Zeros([4, 2, 3, 3])));

        Assert.Contains("expected input[1, 3, 8, 8] to have 2 channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Linear_Rows_AreMappedAffinely() =>
        AssertClose(
            Doubles([15, 30], 1, 2), Functional.Linear(Doubles([1, 2], 1, 2), Counting(2, 2), Doubles([10, 19], 2)));

    [Fact]
    public void Conv2d_Gradients_MatchDifferences() =>
        AssertGradients(
            static v => Functional.Conv2d(v[0], v[1], v[2], (2, 1), (1, 2), (1, 2), 2),
            Draws(1, 2, 4, 5, 6), Draws(2, 6, 2, 3, 3), Draws(3, 6));

    [Fact]
    public void Bmm_Gradients_MatchDifferences() =>
        AssertGradients(static v => v[0].Bmm(v[1]), Draws(1, 2, 3, 4), Draws(2, 2, 4, 2));

    [Fact]
    public void Softmax_Gradients_MatchDifferences() =>
        AssertGradients(static v => v[0].Softmax(-1), Draws(1, 3, 4));

    [Fact]
    public void Gelu_Gradients_MatchDifferences() => AssertGradients(static v => v[0].Gelu(), Draws(1, 10));
}
