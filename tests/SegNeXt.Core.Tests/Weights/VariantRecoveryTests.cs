namespace SegNeXt.Core.Tests;

/// <summary>The paper's variants in weight files: by their config, and by names and shapes alone.</summary>
public class VariantRecoveryTests
{
    private static readonly ModelConfig s_tiny = ModelConfig.Preset("t", 7);

    public static TheoryData<string> Variants => [.. Named.Keys];

    private static Dictionary<string, ModelConfig> Named { get; } = new(StringComparer.Ordinal)
    {
        ["msca"] = s_tiny.WithDecoder("msca"),
        ["cc"] = s_tiny.WithDecoder("cc"),
        ["ema"] = s_tiny.WithDecoder("ema"),
        ["nl"] = s_tiny.WithDecoder("nl"),
        ["mlp"] = s_tiny.WithDecoder("mlp"),
        ["aspp"] = s_tiny.WithDecoder("aspp"),
        ["psp"] = s_tiny.WithDecoder("psp"),
        ["da"] = s_tiny.WithDecoder("da"),
        ["mlp on two stages"] = On(s_tiny.WithDecoder("mlp"), [1, 3]),
        ["all stages"] = On(s_tiny, [0, 1, 2, 3]),
        ["branch 11"] = s_tiny with { Encoder = s_tiny.Mscan! with { Branches = [11] } },
        ["two branches"] = s_tiny with { Encoder = s_tiny.Mscan! with { Branches = [7, 21] } },
        ["no 1×1"] = s_tiny with { Encoder = s_tiny.Mscan! with { ChannelMixing = false } },
        ["lka"] = s_tiny with { Encoder = s_tiny.Mscan! with { Attention = "lka" } },
        ["lka classifier"] = ModelConfig.Classifier("t", 20) with { Encoder = s_tiny.Mscan! with { Attention = "lka" } },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Recover_NamesAndShapesAlone_AreTheVariant(string name)
    {
        ModelConfig config = Named[name];
        MemoryTensors source = MemoryTensors.Of(config);
        RecoveredModel found = ModelInspector.Recover(source);
        Assert.Equal(ModelVariant.Describe(config), ModelVariant.Describe(found.Config));
        Assert.Equal(source.Tensors.Count, StateMatcher.Match(source, ModelLayout.Enumerate(found.Config), found.NameMap).Loaded);
        Assert.Equal(config.Decoder?.InputStages, found.Config.Decoder?.InputStages);
        Assert.Equal(config.Encoder.DropPathRate, found.Config.Encoder.DropPathRate);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Deserialize_OfSerialized_GivesTheSameVariant(string name)
    {
        ModelConfig config = Named[name];
        Assert.Equivalent(config, ModelConfigJson.Deserialize(ModelConfigJson.Serialize(config), "x"), strict: true);
    }

    [Fact]
    public void Serialize_PapersOwnModel_HoldsNothingOfTheVariants()
    {
        string json = ModelConfigJson.Serialize(ModelConfig.Preset("t", 2));
        Assert.Equal(
            """{"name":"t","encoder":{"embed_dims":[32,64,160,256],"depths":[3,3,5,2],"mlp_ratios":[8,8,4,4],"drop_path_rate":0.1},"decoder":{"type":"ham","channels":256,"ham_channels":256,"nmf_rank":16,"nmf_train_steps":6,"nmf_eval_steps":7,"group_norm_groups":32,"dropout":0.1,"input_stages":[1,2,3]},"num_classes":2,"mean":[123.675,116.28,103.53],"std":[58.395,57.12,57.375]}""",
            json);
    }

    [Fact]
    public void Serialize_Gating_IsKeptThoughNoNameTellsIt()
    {
        ModelConfig config = s_tiny with { Encoder = s_tiny.Mscan! with { Gating = false } };
        Assert.False(ModelConfigJson.Deserialize(ModelConfigJson.Serialize(config), "x").Mscan!.Gating);
    }

    [Fact]
    public void Deserialize_DecoderWithoutASizeThatItNeeds_NamesTheField()
    {
        string json = ModelConfigJson.Serialize(s_tiny.WithDecoder("cc")).Replace("\"ham_channels\":256,", "", StringComparison.Ordinal);
        Assert.Equal("x: model config: the field decoder.ham_channels is missing.", Assert.Throws<InputException>(() => ModelConfigJson.Deserialize(json, "x")).Message);
    }

    // What the released heads carry for other purposes is left out, and said.
    [Fact]
    public void Recover_ClassifiersThatAreNotUsed_AreSkippedWithTheReason()
    {
        MemoryTensors mlp = MemoryTensors.Of(s_tiny.WithDecoder("mlp")).With(Unused("decode_head.conv_seg.weight", 128), Unused("decode_head.conv_seg.bias"));
        Assert.Equal(
            ["decode_head.conv_seg.weight (classifier that the released all-MLP decoder has and never uses)", "decode_head.conv_seg.bias (classifier that the released all-MLP decoder has and never uses)"],
            ModelInspector.Recover(mlp).Skipped);
        MemoryTensors da = MemoryTensors.Of(s_tiny.WithDecoder("da")).With(Unused("decode_head.pam_conv_seg.weight", 256), Unused("decode_head.cam_conv_seg.bias"));
        Assert.All(ModelInspector.Recover(da).Skipped, skipped => Assert.EndsWith("(auxiliary classifier, used in training alone)", skipped, StringComparison.Ordinal));

        static TensorInfo Unused(string name, int channels = 0) => new(name, TensorDType.F32, channels == 0 ? [7] : [7, channels, 1, 1]);
    }

    [Fact]
    public void ActivationMemory_NonLocal_GrowsWithTheSquareOfThePicture()
    {
        ModelConfig nonLocal = s_tiny.WithDecoder("nl");
        Assert.Equal(ActivationMemory.Estimate(s_tiny, 128, 128), ActivationMemory.Estimate(nonLocal, 128, 128));
        double two = ActivationMemory.Estimate(nonLocal, 2048, 2048), four = ActivationMemory.Estimate(nonLocal, 4096, 4096);
        Assert.InRange(four / two, 15, 16);

        // 65,536 positions with each other, twice, in 4 bytes.
        Assert.InRange(two, 2 * 65536.0 * 65536 * 4, 2.1 * 65536.0 * 65536 * 4);
    }

    [Fact]
    public void AttentionWeights_EveryKind_CountsPairsOfPositions()
    {
        Assert.Equal((0, 0), ActivationMemory.AttentionWeights(s_tiny, 64, 96));
        Assert.Equal((9216, 9216), ActivationMemory.AttentionWeights(s_tiny.WithDecoder("nl"), 64, 96));
        Assert.Equal((2 * 96 * 20, 96 * 20), ActivationMemory.AttentionWeights(s_tiny.WithDecoder("cc"), 64, 96));
        Assert.Equal((36, 36), ActivationMemory.AttentionWeights(s_tiny.WithDecoder("da"), 64, 96));

        // Two blocks a stage; 1, 2, 5 and 8 heads on 384, 96, 24 and 6 positions, all of them looking at 6.
        ModelConfig segFormer = s_tiny with { Encoder = MixTransformerConfig.B0, Decoder = s_tiny.WithDecoder("mlp").Decoder };
        Assert.Equal((2.0 * 6 * (384 + (2 * 96) + (5 * 24) + (8 * 6)), 6.0 * 384), ActivationMemory.AttentionWeights(segFormer, 64, 96));
    }

    [Fact]
    public void WithDecoder_ThereAndBack_IsThePreset() =>
        Assert.Equivalent(s_tiny, s_tiny.WithDecoder("psp").WithDecoder("ham"), strict: true);

    [Fact]
    public void WithDecoder_UnknownOrNone_IsRefused()
    {
        Assert.Contains("the decoders are ham, msca, cc, ema, nl, mlp, aspp, psp, da", Assert.Throws<InputException>(() => s_tiny.WithDecoder("fpn")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ModelConfig.Classifier("t").WithDecoder("nl"));
    }

    private static ModelConfig On(ModelConfig config, int[] stages) => config with { Decoder = config.Decoder! with { InputStages = stages } };
}
