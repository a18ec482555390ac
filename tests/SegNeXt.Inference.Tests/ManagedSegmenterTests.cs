using SegNeXt.Core;
using SegNeXt.Kernels;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Inference.Tests;

public sealed class ManagedSegmenterTests
{
    public static TheoryData<InstructionLevel, int> LevelsAndThreads
    {
        get
        {
            TheoryData<InstructionLevel, int> data = [];
            foreach (InstructionLevel level in InstructionLevels.Available)
            {
                data.Add(level, 1);
                data.Add(level, 3);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(LevelsAndThreads))]
    public void Predictions_GoldenPictures_AllTestModesAgree(InstructionLevel level, int threads)
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(TestPaths.RequireGolden("tiny.safetensors"), threads, level, InferenceGolden.Bases());
        InferenceGolden.Check(segmenter);
    }

    [SkippableTheory]
    [MemberData(nameof(LevelsAndThreads))]
    public void Logits_GoldenOddSize_Agree(InstructionLevel level, int threads)
    {
        GoldenArrays golden = GoldenArrays.Require("forward_tiny_odd.safetensors");
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(TestPaths.RequireGolden("tiny.safetensors"), threads, level, golden.Floats("33x47.nmf_bases"));
        LogitMap logits = segmenter.ForwardNormalised(golden.Floats("33x47.x"), 33, 47);
        float[] expected = golden.Floats("33x47.logits");
        Assert.Equal(expected.Length, logits.Values.Length);
        Assert.True(Difference(expected, logits.Values) <= 1e-4, $"differs by {Difference(expected, logits.Values)}");
    }

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(97, 131)]
    [InlineData(160, 64)]
    [InlineData(70, 1700)]
    public void Logits_AnySize_AgreeWithTorchEngine(int height, int width)
    {
        string path = TestPaths.RequireGolden("tiny.safetensors");
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        using ISegmenter torch = SegmenterFactory.Open(path, new EngineOptions()).Segmenter;
        RgbImage picture = Picture(height, width);
        LogitMap expected = torch.Forward(picture);
        foreach (InstructionLevel level in InstructionLevels.Available)
        {
            using ManagedSegmenter segmenter = ManagedSegmenter.Open(path, 2, level);
            LogitMap ours = segmenter.Forward(picture);
            Assert.Equal((expected.Classes, expected.Height, expected.Width), (ours.Classes, ours.Height, ours.Width));
            float range = expected.Values.Max() - expected.Values.Min();
            Assert.True(Difference(expected.Values, ours.Values) <= 1e-4 * range, $"{level}: differs by {Difference(expected.Values, ours.Values)} of {range}");
        }
    }

    [SkippableFact]
    public void Logits_OtherNumbersOfThreadsAndOtherSizesBefore_AreTheSameBits()
    {
        string path = TestPaths.RequireGolden("tiny.safetensors");
        RgbImage picture = Picture(120, 75), other = Picture(40, 200);
        using ManagedSegmenter one = ManagedSegmenter.Open(path, 1), many = ManagedSegmenter.Open(path, 5);
        float[] expected = one.Forward(picture).Values;
        many.Forward(other);
        Assert.Equal(expected, many.Forward(picture).Values);
        Assert.Equal(expected, many.Forward(picture).Values);
    }

    [SkippableFact]
    public void Open_ImageClassifier_IsRefused()
    {
        InputException thrown = Assert.Throws<InputException>(() => ManagedSegmenter.Open(TestPaths.RequireGolden("nano_imagenet_backbone.pth")));
        Assert.Contains("classifier", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EarlyCompilation_EachLevel_RunsThrough()
    {
        EarlyCompilation.Opened();
        foreach (InstructionLevel level in InstructionLevels.Available)
        {
            EarlyCompilation.Run(KernelSet.For(level));
        }
    }

    private static RgbImage Picture(int height, int width)
    {
        RgbImage picture = new(width, height);
        new Random(height + width).NextBytes(picture.Pixels);
        return picture;
    }

    private static float Difference(float[] a, float[] b)
    {
        float worst = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float d = MathF.Abs(a[i] - b[i]);
            worst = float.IsNaN(d) ? float.PositiveInfinity : MathF.Max(worst, d);
        }

        return worst;
    }
}
