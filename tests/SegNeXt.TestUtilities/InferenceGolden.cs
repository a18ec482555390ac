using SegNeXt.Core;

namespace SegNeXt.TestUtilities;

/// <summary>
/// The whole way from a picture to logits, probabilities and class ids, against <c>inference_tiny.safetensors</c>. Both
/// engines call it with the network of <c>tiny.safetensors</c>.
/// </summary>
public static class InferenceGolden
{
    /// <summary>Largest absolute difference of logits of up to 7 in size; ten times that between float32 and float64.</summary>
    public const float LogitTolerance = 1e-4f;

    /// <summary>Largest absolute difference of probabilities; 30 times that between float32 and float64.</summary>
    public const float ProbabilityTolerance = 1e-5f;

    /// <summary>A pixel whose best two classes are nearer than this may go to the other.</summary>
    public const float GapTolerance = 1e-4f;

    private const string File = "inference_tiny.safetensors";
    private static readonly double[] s_scales = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75];

    /// <summary>The NMF bases <c>[1, 32, 16]</c> that the network must use for every call.</summary>
    public static float[] Bases() => GoldenArrays.Require(File).Floats("nmf_bases");

    /// <summary>Checks every case of the file; skips the test where there is none.</summary>
    /// <param name="segmenter">The network of <c>tiny.safetensors</c>, with <see cref="Bases"/>.</param>
    public static void Check(ISegmenter segmenter)
    {
        GoldenArrays golden = GoldenArrays.Require(File);
        TestOptions slide = new() { Mode = TestMode.Slide, CropHeight = 64, CropWidth = 64, StrideHeight = 43, StrideWidth = 43 };

        CheckLogits(golden, segmenter, "whole_120x90", "whole_120x90", new TestOptions(), every: 1);
        Assert.Equal(
            new TestTimeSegmenter(segmenter, new TestOptions()).Predict(Picture(golden, "whole_120x90"), PredictOutputs.Ids | PredictOutputs.Logits).Ids!.Ids,
            segmenter.Segment(Picture(golden, "whole_120x90")).Ids);

        // The stored input of this case, 128×96, is the 120×90 picture with its sides stretched to multiples of 32.
        CheckLogits(golden, segmenter, "whole_rescaled_128x96_to_120x90", "whole_120x90", new TestOptions { SizeDivisor = 32 }, every: 3);
        CheckLogits(golden, segmenter, "slide_150x110_crop64_stride43", "slide_150x110_crop64_stride43", slide, every: 2);

        CheckProbabilities(golden, segmenter, "multi_whole_60x45", new TestOptions { Scales = s_scales, Flip = true });
        CheckProbabilities(golden, segmenter, "multi_slide_80x70_crop64_stride43", slide with { Scales = s_scales, Flip = true });
    }

    /// <summary>The picture of a case.</summary>
    public static RgbImage Picture(GoldenArrays golden, string name)
    {
        int[] shape = golden.Shape($"{name}.image_rgb");
        return new RgbImage(shape[1], shape[0], golden.Bytes($"{name}.image_rgb"));
    }

    private static void CheckLogits(GoldenArrays golden, ISegmenter segmenter, string name, string picture, TestOptions options, int every)
    {
        Prediction prediction = new TestTimeSegmenter(segmenter, options)
            .Predict(Picture(golden, picture), PredictOutputs.Ids | PredictOutputs.Logits);
        CheckScores(golden, $"{name}.logits{(every == 1 ? "" : $"_every_{every}")}", prediction.Logits!, every, LogitTolerance);
        CheckIds(golden, name, prediction.Ids!, prediction.Logits!);
    }

    private static void CheckProbabilities(GoldenArrays golden, ISegmenter segmenter, string name, TestOptions options)
    {
        Prediction prediction = new TestTimeSegmenter(segmenter, options)
            .Predict(Picture(golden, name), PredictOutputs.Ids | PredictOutputs.Probabilities);
        CheckScores(golden, $"{name}.prob", prediction.Probabilities!, 1, ProbabilityTolerance);
        CheckIds(golden, name, prediction.Ids!, prediction.Probabilities!);
    }

    private static void CheckScores(GoldenArrays golden, string name, LogitMap ours, int every, float tolerance)
    {
        float[] expected = golden.Floats(name);
        int[] shape = golden.Shape(name);
        Assert.Equal([1, ours.Classes, (ours.Height + every - 1) / every, (ours.Width + every - 1) / every], shape);
        float worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int x = i % shape[3] * every;
            int y = i / shape[3] % shape[2] * every;
            int k = i / (shape[3] * shape[2]);
            float difference = MathF.Abs(expected[i] - ours.Values[(((k * ours.Height) + y) * ours.Width) + x]);
            worst = float.IsNaN(difference) ? float.PositiveInfinity : MathF.Max(worst, difference);
        }

        Assert.True(worst <= tolerance, $"{name} differs by up to {worst}; at most {tolerance} is allowed.");
    }

    private static void CheckIds(GoldenArrays golden, string name, LabelMap ours, LogitMap scores)
    {
        byte[] expected = golden.Bytes($"{name}.argmax");
        Assert.Equal(expected.Length, ours.Ids.Length);
        int plane = expected.Length;
        for (int i = 0; i < plane; i++)
        {
            float gap = scores.Values[(ours.Ids[i] * plane) + i] - scores.Values[(expected[i] * plane) + i];
            Assert.True(
                ours.Ids[i] == expected[i] || gap < GapTolerance,
                $"{name}: pixel {i} is class {ours.Ids[i]}, expected {expected[i]}, which scores {gap} lower.");
        }
    }
}
