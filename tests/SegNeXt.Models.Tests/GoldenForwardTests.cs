using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Every stage, the decoder's parts and the logits against the released code, in evaluation mode.</summary>
public sealed class GoldenForwardTests
{
    // Largest differences of the reference against itself in its README: the worst of the two columns, per file.
    private const double TableT = 1.0e-5;
    private const double TableTiny = 1.1e-5;
    private const double TableOdd = 6.2e-6;
    private const double TableRank64 = 9.4e-6;

    [SkippableFact]
    public void SegNeXtT_Golden64x96_AllStagesAndLogitsAgree()
    {
        using GoldenFile weights = new("segnext_t_ade.safetensors");
        using GoldenFile golden = new("forward_t_64x96.safetensors");
        Check(GoldenModels.T, weights, golden, "", TableT);
    }

    [SkippableFact]
    public void Tiny_Golden64x96_AllStagesAndLogitsAgree()
    {
        using GoldenFile weights = new("tiny.safetensors");
        using GoldenFile golden = new("forward_tiny_64x96.safetensors");
        Check(GoldenModels.Tiny(), weights, golden, "", TableTiny);
    }

    [SkippableFact]
    public void Tiny_OddSize_AllStagesAndLogitsAgree()
    {
        using GoldenFile weights = new("tiny.safetensors");
        using GoldenFile golden = new("forward_tiny_odd.safetensors");
        Check(GoldenModels.Tiny(), weights, golden, "33x47.", TableOdd);
    }

    [SkippableFact]
    public void Tiny_MoreBasesThanChannels_LogitsAgree()
    {
        using GoldenFile weights = new("tiny.safetensors");
        using GoldenFile golden = new("forward_tiny_r64.safetensors");
        using GoldenFile input = new("forward_tiny_64x96.safetensors");
        Check(GoldenModels.Tiny(rank: 64), weights, golden, "", TableRank64, input);
    }

    private static void Check(ModelConfig config, GoldenFile weights, GoldenFile golden, string prefix, double table, GoldenFile? input = null)
    {
        using GradMode noGrad = Autograd.NoGrad();
        foreach (MemoryFormat format in new[] { MemoryFormat.Contiguous, MemoryFormat.ChannelsLast })
        {
            using TensorScope scope = new();
            using Generator generator = new(1);
            using SegmentationModel model = new(config, generator);
            weights.Fill(model, "");
            model.Eval();
            model.To(format);
            Tensor x = (input ?? golden)[prefix + "x"].To(format);
            IReadOnlyList<Tensor> stages = model.Backbone.Forward(x);
            HamHead head = (HamHead)model.DecodeHead;
            Tensor concatenated = head.Concatenate(stages);
            Tensor squeezed = head.Squeeze(concatenated);
            head.Hamburger.Factorisation.EvaluationBases = golden[prefix + "nmf_bases"];
            Tensor context = head.Hamburger.Forward(squeezed);
            Tensor logits = head.Classify(context);
            Tensor whole = model.Forward(x);

            var computed = new Dictionary<string, Tensor>
            {
                ["stage1"] = stages[0],
                ["stage2"] = stages[1],
                ["stage3"] = stages[2],
                ["stage4"] = stages[3],
                ["decoder_input"] = concatenated,
                ["squeeze_out"] = squeezed,
                ["hamburger_out"] = context,
                ["logits"] = logits,
            };
            int compared = 0;
            foreach ((string name, Tensor actual) in computed)
            {
                if (golden.Has(prefix + name))
                {
                    Close.Absolute(golden[prefix + name], actual, Close.Margin * table, $"{name} ({format})");
                    compared++;
                }
            }

            Assert.True(compared >= 2, "too little was compared");
            Close.Absolute(logits, whole, Close.Margin * table, "the parts in turn and the whole model");
            CheckArgMax(golden, prefix, whole, x);
        }
    }

    /// <summary>Classes at the picture's size; a pixel whose two best classes are nearer than 1e-4 may flip.</summary>
    private static void CheckArgMax(GoldenFile golden, string prefix, Tensor logits, Tensor x)
    {
        (int, int) size = ((int)x.Size(2), (int)x.Size(3));
        Tensor up = Functional.Interpolate(logits, size, InterpolationMode.Bilinear, alignCorners: false);
        long[] actual = up.ArgMax(1).Contiguous().ToArray<long>();
        float[] expected = golden.Floats(prefix + "argmax");
        (Tensor best, _) = up.Topk(2, 1);
        float[] gap = (best.Select(1, 0) - best.Select(1, 1)).Contiguous().ToArray<float>();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.True(actual[i] == (long)expected[i] || gap[i] < 1e-4, $"pixel {i}: class {actual[i]}, the reference has {expected[i]}");
        }
    }
}
