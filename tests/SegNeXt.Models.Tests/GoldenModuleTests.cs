using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Single modules against the released code: outputs, gradients of inputs and parameters, BN statistics.</summary>
public sealed class GoldenModuleTests
{
    /// <summary>The worst relative difference that the reference shows against itself in the README's table.</summary>
    private const double Table = 1.4e-6;

    /// <summary>For a bias directly before batch norm: its exact gradient is zero, the stored one is rounding noise.</summary>
    private const double NoiseLimit = 1e-4;

    public static TheoryData<string> Cases => new(
        "attention", "attention_large_map", "ffn", "block_train", "block_eval", "stem_train", "stem_eval",
        "patch_embed_train", "nmf_train_6_steps", "nmf_eval_7_steps", "hamburger_train", "layer_norm_rows",
        "group_norm_32_groups_64ch", "batch_norm_train", "gelu", "resize_5x7_to_9x13", "resize_4x6_to_24x36",
        "resize_12x9_to_5x4", "resize_1x1_to_3x4", "resize_3x2_to_6x4");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Module_GoldenCase_OutputGradientsAndStatisticsAgree(string name)
    {
        using GoldenFile golden = new("modules.safetensors");
        using TensorScope scope = new();
        using Generator generator = new(1);
        (Module? module, Func<Tensor, Tensor> forward) = Build(name, golden, generator);
        string weights = golden.Has($"{name}.w.weight") || golden.Names.Any(n => n.StartsWith($"{name}.w.", StringComparison.Ordinal))
            ? $"{name}.w."
            : $"{name.Replace("_eval", "_train", StringComparison.Ordinal)}.w.";
        if (module is not null)
        {
            golden.Fill(module, weights);
            module.Train(!name.EndsWith("_eval", StringComparison.Ordinal) && !name.Contains("_eval_", StringComparison.Ordinal));
        }

        Tensor x = golden[$"{name}.x"].RequiresGrad_(true);
        Tensor output = forward(x);
        Close.Relative(golden[$"{name}.out"], output, Close.Margin * Table, "out");
        (output * golden[$"{name}.g"]).Sum().Backward();
        Close.Relative(golden[$"{name}.grad_x"], x.Grad!, Close.Margin * Table, "grad_x");
        if (module is not null)
        {
            CheckParameters(name, golden, module);
            module.Dispose();
        }
    }

    [SkippableFact]
    public void HamHead_GoldenCase_OutputAndGradientsAgree()
    {
        const string Name = "head_train";
        using GoldenFile golden = new("modules.safetensors");
        using TensorScope scope = new();
        using Generator generator = new(1);
        ModelConfig config = new()
        {
            Encoder = new MscanConfig { EmbedDims = [8, 16, 24, 32], Depths = [1, 1, 1, 1] },
            Decoder = new DecoderConfig { Channels = 64, HamChannels = 64, NmfRank = 12, Dropout = 0 },
            NumClasses = 5,
        };
        using HamHead head = new(config, generator);
        golden.Fill(head, $"{Name}.w.");
        head.Hamburger.Factorisation.TrainingBases = golden[$"{Name}.nmf_bases"];
        Tensor packed = golden[$"{Name}.x"].RequiresGrad_(true);
        Tensor stage2 = packed.Narrow(1, 0, 768).Reshape(2, 16, 8, 6);
        Tensor stage3 = packed.Narrow(1, 768, 288).Reshape(2, 24, 4, 3);
        Tensor stage4 = packed.Narrow(1, 1056, 128).Reshape(2, 32, 2, 2);
        Tensor output = head.Forward([Tensor.Zeros([2, 8, 16, 12]), stage2, stage3, stage4]);
        Close.Relative(golden[$"{Name}.out"], output, Close.Margin * Table, "out");
        (output * golden[$"{Name}.g"]).Sum().Backward();
        Close.Relative(golden[$"{Name}.grad_x"], packed.Grad!, Close.Margin * Table, "grad_x");
        CheckParameters(Name, golden, head);
    }

    private static void CheckParameters(string name, GoldenFile golden, Module module)
    {
        foreach ((string parameter, Tensor tensor) in module.NamedParameters())
        {
            Tensor expected = golden[$"{name}.grad.{parameter}"];
            bool noise = name.StartsWith("stem_train", StringComparison.Ordinal) && parameter is "proj.0.bias" or "proj.3.bias"
                || name == "patch_embed_train" && parameter == "proj.bias";
            if (noise)
            {
                Close.Absolute(expected, tensor.Grad!, NoiseLimit, $"grad.{parameter}");
            }
            else
            {
                Close.Relative(expected, tensor.Grad!, Close.Margin * Table, $"grad.{parameter}");
            }
        }

        foreach ((string buffer, Tensor tensor) in module.NamedBuffers())
        {
            if (golden.Has($"{name}.buffer_after.{buffer}"))
            {
                Close.Relative(golden[$"{name}.buffer_after.{buffer}"], tensor.To(ScalarType.Float32), Close.Margin * Table, buffer);
            }
        }
    }

    private static (Module? Module, Func<Tensor, Tensor> Forward) Build(string name, GoldenFile golden, Generator generator)
    {
        int channels = golden[$"{name}.x"].Rank == 4 ? (int)golden[$"{name}.x"].Size(1) : 0;
        if (name.StartsWith("resize_", StringComparison.Ordinal))
        {
            Tensor target = golden[$"{name}.g"];
            return (null, x => Functional.Interpolate(x, ((int)target.Size(2), (int)target.Size(3)), InterpolationMode.Bilinear, alignCorners: false));
        }

        switch (name)
        {
            case "attention" or "attention_large_map":
                MultiScaleAttention attention = new(channels);
                return (attention, attention.Forward);
            case "ffn":
                FeedForward feedForward = new(channels, channels * 4);
                return (feedForward, feedForward.Forward);
            case "block_train" or "block_eval":
                Block block = new(channels, 4, 0, generator);
                return (block, block.Forward);
            case "stem_train" or "stem_eval":
                Stem stem = new(3, 32);
                return (stem, stem.Forward);
            case "patch_embed_train":
                PatchEmbedding embedding = new(16, 32);
                return (embedding, embedding.Forward);
            case "nmf_train_6_steps" or "nmf_eval_7_steps":
                NonNegativeMatrixFactorisation nmf = new(channels, 16, 6, 7, generator)
                {
                    TrainingBases = golden[$"{name}.nmf_bases"],
                    EvaluationBases = golden[$"{name}.nmf_bases"],
                };
                return (nmf, nmf.Forward);
            case "hamburger_train":
                Hamburger hamburger = new(new DecoderConfig { Channels = 64, HamChannels = 64, NmfRank = 16 }, generator);
                hamburger.Factorisation.TrainingBases = golden[$"{name}.nmf_bases"];
                return (hamburger, hamburger.Forward);
            case "layer_norm_rows":
                LayerNorm layerNorm = new([32]);
                return (layerNorm, layerNorm.Forward);
            case "group_norm_32_groups_64ch":
                GroupNorm groupNorm = new(32, 64);
                return (groupNorm, groupNorm.Forward);
            case "batch_norm_train":
                BatchNorm2d batchNorm = new(16);
                return (batchNorm, batchNorm.Forward);
            case "gelu":
                return (null, Functional.Gelu);
            default:
                throw new ArgumentException(name);
        }
    }
}
