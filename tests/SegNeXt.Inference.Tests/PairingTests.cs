using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference.Tests;

/// <summary>The network with products in pairs beside the same without, on any processor with AVX-512.</summary>
public sealed class PairingTests
{
    [SkippableTheory]
    [InlineData("t")]
    [InlineData("b")]
    public void Forward_WithPairs_AgreesWithoutAndThreadsChangeNoBit(string model)
    {
        Skip.IfNot(InstructionLevels.Best == InstructionLevel.Avx512, "no AVX-512");
        using RandomWeights weights = new(ModelConfig.Preset(model, 19));
        ModelTensors tensors = ModelTensors.Of(weights);
        using ManagedSegmenter without = ManagedSegmenter.Open(tensors, 2, null, null, pairs: false);
        using ManagedSegmenter one = ManagedSegmenter.Open(tensors, 1, null, null, pairs: true), three = ManagedSegmenter.Open(tensors, 3, null, null, pairs: true);
        three.Forward(Picture(40, 200));
        bool differ = false;
        foreach ((int height, int width) in new[] { (1, 1), (97, 131), (33, 40), (64, 96) })
        {
            RgbImage picture = Picture(height, width);
            float[] expected = without.Forward(picture).Values, ours = one.Forward(picture).Values;
            float range = expected.Max() - expected.Min(), worst = expected.Zip(ours).Max(pair => MathF.Abs(pair.First - pair.Second));
            Assert.True(worst <= 1e-5f * range, $"{width}×{height}: scores differ by {worst / range:e1} of their range");
            Assert.Equal(ours, three.Forward(picture).Values);
            if (height * width < 64 * 64)
            {
                // Small pictures go without, before the weights are made ready for pairs and after.
                Assert.Equal(expected, ours);
            }

            differ |= worst > 0;
        }

        Assert.True(differ, "Nothing went in pairs.");
    }

    [SkippableFact]
    public void Forward_PicturesOfOneColour_AgreeWithoutPairs()
    {
        Skip.IfNot(InstructionLevels.Best == InstructionLevel.Avx512, "no AVX-512");
        using RandomWeights weights = new(ModelConfig.Preset("t", 19));
        ModelTensors tensors = ModelTensors.Of(weights);
        using ManagedSegmenter without = ManagedSegmenter.Open(tensors, 2, null, null, pairs: false), with = ManagedSegmenter.Open(tensors, 2, null, null, pairs: true);
        foreach (byte colour in new byte[] { 0, 124, 255 })
        {
            RgbImage picture = new(80, 70);
            picture.Pixels.AsSpan().Fill(colour);
            float[] expected = without.Forward(picture).Values, ours = with.Forward(picture).Values;
            float range = expected.Max() - expected.Min(), worst = expected.Zip(ours).Max(pair => MathF.Abs(pair.First - pair.Second));
            Assert.True(worst <= 1e-5f * range, $"{colour}: scores differ by {worst / range:e1} of their range");
        }
    }

    private static RgbImage Picture(int height, int width)
    {
        RgbImage picture = new(width, height);
        new Random(height + width).NextBytes(picture.Pixels);
        return picture;
    }
}
