using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Every variant of the paper's tables as a whole model.</summary>
public class VariantModelTests
{
    private static readonly ModelConfig s_small = new()
    {
        Encoder = new MscanConfig { EmbedDims = [16, 32, 48, 64], Depths = [1, 1, 2, 1], DropPathRate = 0 },
        Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 4, Dropout = 0 },
        NumClasses = 5,
    };

    public static TheoryData<string> Variants => [.. Named.Keys];

    internal static IReadOnlyDictionary<string, ModelConfig> Named { get; } = new Dictionary<string, ModelConfig>(StringComparer.Ordinal)
    {
        ["ham"] = s_small,
        ["msca"] = s_small.WithDecoder("msca"),
        ["cc"] = s_small.WithDecoder("cc"),
        ["ema"] = s_small.WithDecoder("ema"),
        ["nl"] = s_small.WithDecoder("nl"),
        ["mlp"] = s_small.WithDecoder("mlp"),
        ["aspp"] = s_small.WithDecoder("aspp"),
        ["psp"] = s_small.WithDecoder("psp"),
        ["da"] = s_small.WithDecoder("da"),
        ["ham on stage 4"] = s_small with { Decoder = s_small.Decoder! with { InputStages = [3] } },
        ["ham on all stages"] = s_small with { Decoder = s_small.Decoder! with { InputStages = [0, 1, 2, 3] } },
        ["aspp on stages 2 to 4"] = OnStages("aspp", [1, 2, 3]),
        ["mlp on stages 2 and 4"] = OnStages("mlp", [1, 3]),
        ["branch 7"] = Attention(encoder => encoder with { Branches = [7] }),
        ["branch 11"] = Attention(encoder => encoder with { Branches = [11] }),
        ["branch 21"] = Attention(encoder => encoder with { Branches = [21] }),
        ["no 1x1"] = Attention(encoder => encoder with { ChannelMixing = false }),
        ["no attention"] = Attention(encoder => encoder with { Gating = false }),
        ["lka"] = Attention(encoder => encoder with { Attention = "lka" }),
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void StateTensors_EveryVariant_AreThoseOfTheLayout(string variant)
    {
        ModelConfig config = Named[variant];
        using Generator generator = new(1);
        using SegmentationModel model = new(config, generator);
        HashSet<string> learned = [.. model.NamedParameters().Select(entry => entry.Key)];
        Assert.Equal(
            ModelLayout.Enumerate(config).Select(spec => $"{spec.Name} [{string.Join(',', spec.Shape)}] {spec.DType} {spec.Kind}"),
            model.StateTensors().Where(entry => entry.Key != ModelLayout.BasesName).Select(entry =>
                $"{entry.Key} [{string.Join(',', entry.Value.Shape)}] {(entry.Value.Type == ScalarType.Int64 ? "I64" : "F32")} {(learned.Contains(entry.Key) ? "Parameter" : "Buffer")}"));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_EveryVariantAndSize_GivesFiniteLogitsAndGradients(string variant)
    {
        ModelConfig config = Named[variant];
        using Generator generator = new(2);
        using SegmentationModel model = new(config, generator);
        foreach ((int height, int width) in new[] { (32, 32), (37, 71), (3, 130), (64, 5) })
        {
            using TensorScope scope = new();
            model.ZeroGrad();
            Tensor logits = model.Forward(Tensor.Normal([2, 3, height, width], 0, 1, generator));
            int stride = 4 << config.Decoder!.InputStages[0];
            Assert.Equal([2, 5, (height + stride - 1) / stride, (width + stride - 1) / stride], logits.Shape);
            (logits * logits).Sum().Backward();
            foreach ((string name, Tensor parameter) in model.NamedParameters())
            {
                Assert.True(parameter.Grad is { } gradient && double.IsFinite(gradient.Abs().Sum().Item()), $"{name} has no finite gradient at {height}x{width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_Evaluation_IsTheSameEveryTimeAndBlindToTheBatch(string variant)
    {
        ModelConfig config = Named[variant];
        using Generator generator = new(3);
        using SegmentationModel model = new(config, generator);
        using TensorScope scope = new();
        using GradMode noGrad = Autograd.NoGrad();
        Tensor x = Tensor.Normal([2, 3, 40, 56], 0, 1, generator);
        model.Forward(x);
        model.Eval();
        Tensor both = model.Forward(x);
        Close.Absolute(both, model.Forward(x), 0, "the same again");
        Close.Relative(both.Narrow(0, 1, 1), model.Forward(x.Narrow(0, 1, 1)), 1e-4, "one image alone");
    }

    private static ModelConfig OnStages(string decoder, int[] stages)
    {
        ModelConfig config = s_small.WithDecoder(decoder);
        return config with { Decoder = config.Decoder! with { InputStages = stages } };
    }

    private static ModelConfig Attention(Func<MscanConfig, MscanConfig> change) => s_small with { Encoder = change(s_small.Mscan!) };
}
