using SegNeXt.Core;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Inference.Tests;

/// <summary>The managed engine beside libtorch: same weights, same picture, same answer.</summary>
public sealed class EngineAgreementTests
{
    /// <summary>Largest difference of a score, as a share of the range of the picture's scores.</summary>
    private const float ScoreTolerance = 1e-4f;

    /// <summary>Pixels of which one may go to another class: rounding decides where two classes score the same.</summary>
    private const int PixelsPerDifference = 10_000;

    private const int Classes = 19;

    private static readonly (int Height, int Width)[] s_sizes = [(97, 131), (33, 17), (1, 1), (1, 7), (64, 96)];

    [SkippableTheory]
    [InlineData("t")]
    [InlineData("s")]
    [InlineData("b")]
    [InlineData("l")]
    public void Network_EachSize_AgreesOnPicturesOfAnySize(string model)
    {
        (ISegmenter managed, ISegmenter torch) = Open(model);
        using (managed)
        using (torch)
        {
            int different = 0, pixels = 0;
            foreach ((int height, int width) in s_sizes)
            {
                RgbImage picture = Picture(height, width);
                LogitMap expected = torch.Forward(picture), ours = managed.Forward(picture);
                AssertNear(expected, ours, $"{width}×{height}");
                different += Differences(torch.Segment(picture), managed.Segment(picture));
                pixels += height * width;
            }

            Assert.True(different * PixelsPerDifference <= pixels, $"{different} of {pixels} pixels differ");
        }
    }

    public static TheoryData<string, TestOptions> Modes => new()
    {
        { "whole", new TestOptions() },
        { "slide", new TestOptions { Mode = TestMode.Slide, CropHeight = 64, CropWidth = 80, StrideHeight = 48, StrideWidth = 56 } },
        { "multi-scale and flip", new TestOptions { Scales = [0.5, 1.0, 1.75], Flip = true } },
        { "slide, multi-scale and flip", new TestOptions { Mode = TestMode.Slide, CropHeight = 64, CropWidth = 80, StrideHeight = 48, StrideWidth = 56, Scales = [0.75, 1.0], Flip = true } },
        { "fitted into a box, multiples of 32", new TestOptions { BoxWidth = 160, BoxHeight = 120, SizeDivisor = 32 } },
    };

    [SkippableTheory]
    [MemberData(nameof(Modes))]
    public void TestTime_EachMode_Agrees(string mode, TestOptions options)
    {
        (ISegmenter managed, ISegmenter torch) = Open("t");
        using (managed)
        using (torch)
        {
            RgbImage picture = Picture(97, 131);
            PredictOutputs scores = options.Scales.Length > 1 ? PredictOutputs.Probabilities : PredictOutputs.Logits;
            Prediction expected = new TestTimeSegmenter(torch, options).Predict(picture, PredictOutputs.Ids | scores);
            Prediction ours = new TestTimeSegmenter(managed, options).Predict(picture, PredictOutputs.Ids | scores);
            AssertNear((expected.Logits ?? expected.Probabilities)!, (ours.Logits ?? ours.Probabilities)!, mode);
            int different = Differences(expected.Ids!, ours.Ids!);
            Assert.True(different * PixelsPerDifference <= ours.Ids!.Ids.Length, $"{mode}: {different} of {ours.Ids.Ids.Length} pixels differ");
            Assert.True(ours.Ids.Ids.Distinct().Count() > 1, "A mask of one class would compare nothing.");

            // Ids alone may come another way, which stores no scores.
            Assert.Equal(ours.Ids.Ids, new TestTimeSegmenter(managed, options).Predict(picture, PredictOutputs.Ids).Ids!.Ids);
        }
    }

    [SkippableFact]
    public void Network_MapsHeldAsWindows_AgreesAndThreadsChangeNoBit()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        ModelConfig preset = ModelConfig.Preset("t", 3);
        MscanConfig wide = (MscanConfig)preset.Encoder with { EmbedDims = [8, 8, 512, 16], Depths = [1, 1, 2, 2] };
        using RandomWeights weights = new(preset with { Name = "custom", Encoder = wide });

        // 33 rows of 128 pixels by 512 channels: too much to hold as a whole, with fewer rows than feed-forward halves by channels else.
        RgbImage picture = Picture(528, 2048);
        using ISegmenter torch = SegmenterFactory.Open(weights, new EngineOptions(Threads: 2)).Segmenter;
        using ManagedSegmenter one = ManagedSegmenter.Open(ModelTensors.Of(weights), 1), three = ManagedSegmenter.Open(ModelTensors.Of(weights), 3);
        LogitMap ours = one.Forward(picture);
        AssertNear(torch.Forward(picture), ours, "windows");
        Assert.Equal(ours.Values, three.Forward(picture).Values);
    }

    private static (ISegmenter Managed, ISegmenter Torch) Open(string model)
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        using RandomWeights weights = new(ModelConfig.Preset(model, Classes));
        return (ManagedSegmenter.Open(ModelTensors.Of(weights), 1), SegmenterFactory.Open(weights, new EngineOptions(Threads: 1)).Segmenter);
    }

    /// <summary>Scores whose range says that they are numbers, and that differ by no more than rounding.</summary>
    private static void AssertNear(LogitMap expected, LogitMap ours, string what)
    {
        Assert.Equal((expected.Classes, expected.Height, expected.Width), (ours.Classes, ours.Height, ours.Width));
        float range = expected.Values.Max() - expected.Values.Min(), worst = 0;
        for (int i = 0; i < expected.Values.Length; i++)
        {
            float difference = MathF.Abs(expected.Values[i] - ours.Values[i]);
            worst = float.IsNaN(difference) ? float.PositiveInfinity : MathF.Max(worst, difference);
        }

        Assert.True(range > 0 && worst <= ScoreTolerance * range, $"{what}: scores differ by up to {worst}, which is {worst / range:e1} of their range {range}");
    }

    private static int Differences(LabelMap expected, LabelMap ours)
    {
        Assert.Equal((expected.Width, expected.Height), (ours.Width, ours.Height));
        return expected.Ids.Zip(ours.Ids).Count(pair => pair.First != pair.Second);
    }

    /// <summary>Blots of colour with some noise: not one class everywhere, and no pixel like the next.</summary>
    private static RgbImage Picture(int height, int width)
    {
        RgbImage picture = new(width, height);
        Random random = new(height + width);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            (int y, int x, int colour) = (i / 3 / width, i / 3 % width, i % 3);
            double wave = Math.Sin((x * (0.05 + (0.03 * colour))) + (y * 0.04)) * Math.Cos((y * (0.07 - (0.02 * colour))) - (x * 0.02));
            picture.Pixels[i] = (byte)Math.Clamp(128 + (100 * wave) + random.Next(-25, 26), 0, 255);
        }

        return picture;
    }
}
