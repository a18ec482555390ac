using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Testing;

public class TestTimeSegmenterTests
{
    private const PredictOutputs Everything = PredictOutputs.Ids | PredictOutputs.Probabilities | PredictOutputs.Logits;

    [Fact]
    public void Predict_IdsOfTheWholePicture_LetsTheEngineSegment()
    {
        FakeSegmenter network = new(4);
        RgbImage image = Noise(50, 34);
        Prediction prediction = new TestTimeSegmenter(network, new TestOptions()).Predict(image, PredictOutputs.Ids);
        Assert.Equal(1, network.Segmented);
        Assert.Empty(network.Forwarded);
        Assert.Null(prediction.Probabilities);
        Assert.Null(prediction.Logits);
        Assert.Equal(new TestTimeSegmenter(network, new TestOptions()).Predict(image, Everything).Ids!.Ids, prediction.Ids!.Ids);
    }

    [Fact]
    public void Predict_Everything_AgreesWithItself()
    {
        RgbImage image = Noise(61, 43);
        Prediction prediction = new TestTimeSegmenter(new FakeSegmenter(5), new TestOptions { SizeDivisor = 32 }).Predict(image, Everything);
        AssertDistribution(prediction.Probabilities!);
        int plane = 61 * 43;
        for (int i = 0; i < plane; i++)
        {
            float[] logits = [.. Enumerable.Range(0, 5).Select(k => prediction.Logits!.Values[(k * plane) + i])];
            double sum = logits.Sum(logit => Math.Exp(logit));
            Assert.Equal(Array.IndexOf(logits, logits.Max()), prediction.Ids!.Ids[i]);
            Assert.All(logits.Select((logit, k) => (logit, k)), item =>
                Assert.Equal(Math.Exp(item.logit) / sum, prediction.Probabilities!.Values[(item.k * plane) + i], 2e-6));
        }
    }

    [Fact]
    public void Predict_OnlyIds_IsTheSameAsWithScores()
    {
        RgbImage image = Noise(75, 52);
        TestOptions[] strategies =
        [
            new() { SizeDivisor = 32 },
            new() { Scales = [0.75] },
            new() { Mode = TestMode.Slide, CropHeight = 32, CropWidth = 40, StrideHeight = 24, StrideWidth = 24 },
        ];
        foreach (TestOptions strategy in strategies)
        {
            TestTimeSegmenter segmenter = new(new FakeSegmenter(5), strategy);
            Assert.Equal(segmenter.Predict(image, Everything).Ids!.Ids, segmenter.Predict(image, PredictOutputs.Ids).Ids!.Ids);
        }
    }

    // A uniform picture looks the same in every window, at every scale and mirrored.
    [Fact]
    public void Predict_UniformPicture_IsTheSameByEveryStrategy()
    {
        RgbImage image = new(70, 45);
        image.Pixels.AsSpan().Fill(90);
        float[] expected = new TestTimeSegmenter(new FakeSegmenter(3), new TestOptions()).Predict(image, PredictOutputs.Probabilities).Probabilities!.Values;
        TestOptions slide = new() { Mode = TestMode.Slide, CropHeight = 20, CropWidth = 30, StrideHeight = 9, StrideWidth = 30 };
        foreach (TestOptions options in (TestOptions[])[slide, slide with { Scales = [0.5, 1.75], Flip = true }, new() { Scales = [0.6, 1.2], Flip = true }])
        {
            float[] values = new TestTimeSegmenter(new FakeSegmenter(3), options).Predict(image, PredictOutputs.Probabilities).Probabilities!.Values;
            Assert.InRange(values.Zip(expected, (x, y) => MathF.Abs(x - y)).Max(), 0, 1e-6f);
        }
    }

    [Fact]
    public void Predict_Flip_IsTheMeanOfBothAndMirrorsWithThePicture()
    {
        RgbImage image = Noise(64, 40);
        RgbImage mirrored = Mirror(image);
        TestTimeSegmenter plain = new(new FakeSegmenter(4), new TestOptions());
        TestTimeSegmenter flipping = new(new FakeSegmenter(4), new TestOptions { Flip = true });
        LogitMap straight = plain.Predict(image, PredictOutputs.Probabilities).Probabilities!;
        LogitMap back = MirrorScores(plain.Predict(mirrored, PredictOutputs.Probabilities).Probabilities!);
        LogitMap both = flipping.Predict(image, PredictOutputs.Probabilities).Probabilities!;
        for (int i = 0; i < both.Values.Length; i++)
        {
            Assert.Equal((straight.Values[i] + back.Values[i]) / 2, both.Values[i], 1e-6f);
        }

        LogitMap ofMirrored = MirrorScores(flipping.Predict(mirrored, PredictOutputs.Probabilities).Probabilities!);
        Assert.InRange(both.Values.Zip(ofMirrored.Values, (x, y) => MathF.Abs(x - y)).Max(), 0, 1e-6f);
    }

    // Windows at multiples of the network's stride see what the whole picture sees; only the resize differs at seams.
    [Fact]
    public void Predict_SlideAlignedToTheStride_AgreesWithWholeAwayFromSeams()
    {
        RgbImage image = Noise(96, 64);
        TestOptions slide = new() { Mode = TestMode.Slide, CropHeight = 64, CropWidth = 48, StrideHeight = 64, StrideWidth = 48 };
        LogitMap whole = new TestTimeSegmenter(new FakeSegmenter(3), new TestOptions()).Predict(image, PredictOutputs.Logits).Logits!;
        LogitMap windows = new TestTimeSegmenter(new FakeSegmenter(3), slide).Predict(image, PredictOutputs.Logits).Logits!;
        for (int i = 0; i < whole.Values.Length; i++)
        {
            if (i % 96 is < 44 or >= 52)
            {
                Assert.Equal(whole.Values[i], windows.Values[i], 1e-5f);
            }
        }
    }

    [SkippableTheory]
    [InlineData("multi_whole_60x45", false)]
    [InlineData("multi_slide_80x70_crop64_stride43", true)]
    public void Predict_GoldenScales_GivesTheNetworkTheStoredPictures(string name, bool slide)
    {
        GoldenArrays golden = GoldenArrays.Require("inference_tiny.safetensors");
        FakeSegmenter network = new(7);
        double[] scales = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75];
        TestOptions options = new()
        {
            // One window as large as the largest picture: the network sees the scaled pictures themselves.
            Mode = slide ? TestMode.Slide : TestMode.Whole,
            Scales = scales,
            Flip = true,
        };
        new TestTimeSegmenter(network, options).Predict(InferenceGolden.Picture(golden, name), PredictOutputs.Ids);
        string[] stored = [.. golden.Names
            .Where(entry => entry.StartsWith($"{name}.scaled_", StringComparison.Ordinal))
            .OrderBy(entry => golden.Shape(entry)[0])];
        Assert.Equal(scales.Length, stored.Length);
        Assert.Equal(2 * scales.Length, network.Forwarded.Count);
        for (int i = 0; i < stored.Length; i++)
        {
            RgbImage straight = network.Forwarded[2 * i];
            Assert.Equal([straight.Height, straight.Width, 3], golden.Shape(stored[i]));
            Assert.Equal(golden.Bytes(stored[i]), straight.Pixels);
            Assert.Equal(Mirror(straight).Pixels, network.Forwarded[(2 * i) + 1].Pixels);
        }
    }

    [SkippableFact]
    public void Predict_GoldenTestPipeline_GivesTheNetworkTheStoredPictures()
    {
        GoldenArrays golden = GoldenArrays.Require("test_pipeline.safetensors");
        GoldenArrays decoded = GoldenArrays.Require("decoded_images.safetensors");
        Assert.Equal(8, golden.Names.Count);
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('.', 4);
            string file = $"{parts[0]}.{parts[1]}";
            string[] rule = parts[3].Split('.');
            Assert.Equal("scale_256x64", parts[2]);
            FakeSegmenter network = new(2);
            TestOptions options = new()
            {
                BoxWidth = 256,
                BoxHeight = 64,
                Scales = [double.Parse($"{rule[0]["ratio_".Length..]}.{rule[1]}", System.Globalization.CultureInfo.InvariantCulture)],
                SizeDivisor = rule[2] == "multiple32" ? 32 : 1,
            };
            int[] shape = decoded.Shape(file);
            new TestTimeSegmenter(network, options).Predict(new RgbImage(shape[1], shape[0], decoded.Bytes(file)), PredictOutputs.Logits);
            RgbImage seen = Assert.Single(network.Forwarded);
            Assert.Equal([seen.Height, seen.Width, 3], golden.Shape(name));
            Assert.Equal(golden.Bytes(name), seen.Pixels);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 9)]
    public void Predict_TinyPicture_Works(int width, int height)
    {
        TestOptions all = new() { Mode = TestMode.Slide, Scales = [0.5, 1.0, 1.75], Flip = true, SizeDivisor = 32 };
        Prediction prediction = new TestTimeSegmenter(new FakeSegmenter(3), all).Predict(Noise(width, height), PredictOutputs.Ids | PredictOutputs.Probabilities);
        Assert.Equal((width, height), (prediction.Ids!.Width, prediction.Ids.Height));
        AssertDistribution(prediction.Probabilities!);
    }

    [Fact]
    public void Predict_LogitsOfSeveral_IsRefused()
    {
        InputException error = Assert.Throws<InputException>(() =>
            new TestTimeSegmenter(new FakeSegmenter(2), new TestOptions { Flip = true }).Predict(Noise(9, 9), PredictOutputs.Logits));
        Assert.Contains("single scale", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_Cancelled_StopsBeforeTheNetwork()
    {
        FakeSegmenter network = new(2);
        Assert.Throws<OperationCanceledException>(() =>
            new TestTimeSegmenter(network, new TestOptions()).Predict(Noise(9, 9), PredictOutputs.Ids, new CancellationToken(true)));
        Assert.Equal(0, network.Segmented);
    }

    [Fact]
    public void Validate_UnusableOptions_NamesThem()
    {
        AssertRefused("crop", new TestOptions { Mode = TestMode.Slide, CropHeight = 0 });
        AssertRefused("stride", new TestOptions { Mode = TestMode.Slide, StrideWidth = 1025 });
        AssertRefused("stride", new TestOptions { Mode = TestMode.Slide, StrideHeight = 0 });
        AssertRefused("scales", new TestOptions { Scales = [] });
        AssertRefused("scales", new TestOptions { Scales = [1, double.NaN] });
        AssertRefused("scales", new TestOptions { Scales = [0] });
        AssertRefused("size", new TestOptions { BoxWidth = 512 });
        AssertRefused("multiples", new TestOptions { SizeDivisor = 0 });
        AssertRefused("threads", new TestOptions { Threads = -1 });

        static void AssertRefused(string word, TestOptions options) => Assert.Contains(
            word, Assert.Throws<InputException>(() => new TestTimeSegmenter(new FakeSegmenter(2), options)).Message, StringComparison.Ordinal);
    }

    private static void AssertDistribution(LogitMap probabilities)
    {
        int plane = probabilities.Height * probabilities.Width;
        for (int i = 0; i < plane; i++)
        {
            Assert.Equal(1f, Enumerable.Range(0, probabilities.Classes).Sum(k => probabilities.Values[(k * plane) + i]), 1e-5f);
        }
    }

    private static RgbImage Noise(int width, int height)
    {
        RgbImage image = new(width, height);
        new Random(width + (1000 * height)).NextBytes(image.Pixels);
        return image;
    }

    private static RgbImage Mirror(RgbImage image)
    {
        RgbImage result = new(image.Width, image.Height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int x = i / 3 % image.Width;
            result.Pixels[i + (3 * (image.Width - 1 - (2 * x)))] = image.Pixels[i];
        }

        return result;
    }

    private static LogitMap MirrorScores(LogitMap map) =>
        new(map.Classes, map.Height, map.Width, [.. map.Values.Chunk(map.Width).SelectMany(row => row.Reverse())]);
}
