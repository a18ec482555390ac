namespace SegNeXt.Core.Tests.Testing;

public class StripSegmenterTests
{
    // Pictures smaller than the crop, as large, and with last windows that are shifted back; strides of a whole crop, of
    // three quarters, and so small that a pixel lies in many windows; crops that are no multiple of the network's stride.
    [Theory]
    [InlineData(20, 15, 32, 32, 24, 24, 3)]
    [InlineData(32, 32, 32, 32, 24, 24, 3)]
    [InlineData(1, 1, 8, 8, 8, 8, 1)]
    [InlineData(1, 90, 16, 16, 5, 5, 2)]
    [InlineData(150, 110, 64, 64, 43, 43, 7)]
    [InlineData(150, 110, 61, 45, 61, 45, 5)]
    [InlineData(97, 203, 40, 24, 7, 11, 4)]
    [InlineData(700, 90, 48, 40, 36, 30, 19)]
    [InlineData(90, 700, 41, 50, 10, 37, 150)]
    public void Predict_AnySizes_GivesTheIdsOfSlideModeBitForBit(int width, int height, int cropWidth, int cropHeight, int strideWidth, int strideHeight, int classes)
    {
        RgbImage image = Noise(width, height);
        TestOptions options = new()
        {
            Mode = TestMode.Slide, CropWidth = cropWidth, CropHeight = cropHeight, StrideWidth = strideWidth, StrideHeight = strideHeight,
        };
        byte[] expected = new TestTimeSegmenter(new FakeSegmenter(classes), options).Predict(image, PredictOutputs.Ids).Ids!.Ids;
        foreach (int threads in (int[])[1, 3])
        {
            Assert.Equal(expected, Run(new FakeSegmenter(classes), options with { Threads = threads }, new PictureRows(image)));
        }
    }

    [Fact]
    public void Predict_TallPicture_HoldsNoMoreRowsThanTwoRowsOfWindows()
    {
        PictureRows rows = new(Noise(40, 2000));
        TestOptions options = new() { CropWidth = 32, CropHeight = 32, StrideWidth = 24, StrideHeight = 24 };
        int written = 0, furthest = 0;
        new StripSegmenter(new FakeSegmenter(2), options).Predict(rows, ids =>
        {
            written += ids.Length / 40;
            furthest = Math.Max(furthest, rows.Next - written);
        });
        Assert.Equal(2000, written);
        Assert.InRange(furthest, 1, 32 + (3 * 24));
    }

    [Fact]
    public void Predict_Progress_RisesToTheLastRow()
    {
        List<double> told = [];
        new StripSegmenter(new FakeSegmenter(2), new TestOptions { CropWidth = 32, CropHeight = 32, StrideWidth = 24, StrideHeight = 24 })
            .Predict(new PictureRows(Noise(70, 90)), _ => { }, told.Add);
        Assert.Equal(told.Order(), told);
        Assert.Equal(90, told[^1]);
    }

    [Fact]
    public void Predict_RowsThatFail_SaysSo()
    {
        PictureRows rows = new(Noise(40, 200)) { FailAt = 150 };
        int written = 0;
        InputException error = Assert.Throws<InputException>(() =>
            new StripSegmenter(new FakeSegmenter(2), new TestOptions { CropWidth = 32, CropHeight = 32, StrideWidth = 24, StrideHeight = 24 })
                .Predict(rows, ids => written += ids.Length));
        Assert.Equal("row 150 is damaged.", error.Message);
        Assert.InRange(written, 0, 150 * 40);
    }

    [Fact]
    public void Predict_WriterThatFails_SaysSo() =>
        Assert.Throws<InputException>(() =>
            new StripSegmenter(new FakeSegmenter(2), new TestOptions { CropWidth = 32, CropHeight = 32, StrideWidth = 24, StrideHeight = 24 })
                .Predict(new PictureRows(Noise(40, 200)), _ => throw new InputException("no space left.")));

    [Fact]
    public void Predict_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        FakeSegmenter network = new(2);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new StripSegmenter(network, new TestOptions { CropWidth = 32, CropHeight = 32, StrideWidth = 24, StrideHeight = 24 })
                .Predict(new PictureRows(Noise(40, 200)), _ => { }, _ => source.Cancel(), source.Token));
        Assert.Single(network.Forwarded);
    }

    [Fact]
    public void New_StrategiesOverTheWholePicture_AreRefused()
    {
        foreach (TestOptions options in (TestOptions[])[new() { Flip = true }, new() { Scales = [0.5, 1] }, new() { BoxWidth = 9, BoxHeight = 9 }, new() { SizeDivisor = 32 }])
        {
            Assert.Throws<InputException>(() => new StripSegmenter(new FakeSegmenter(2), options));
        }
    }

    private static byte[] Run(ISegmenter network, TestOptions options, IRgbRows rows)
    {
        List<byte> ids = [];
        new StripSegmenter(network, options).Predict(rows, strip => ids.AddRange(strip.Span));
        return [.. ids];
    }

    private static RgbImage Noise(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(7).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private sealed class PictureRows(RgbImage image) : IRgbRows
    {
        public int FailAt { get; init; } = -1;

        public int Next { get; private set; }

        public int Width => image.Width;

        public int Height => image.Height;

        public void Read(Span<byte> row)
        {
            if (Next == FailAt)
            {
                throw new InputException($"row {Next} is damaged.");
            }

            image.Pixels.AsSpan(Next++ * image.Width * 3, image.Width * 3).CopyTo(row);
        }
    }
}
