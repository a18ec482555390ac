using SegNeXt.TestUtilities;
using static SegNeXt.Core.Tests.RawCheckpoint;

namespace SegNeXt.Core.Tests;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t", 150)]
    [InlineData("s", 19)]
    [InlineData("b", 21)]
    [InlineData("l", 1)]
    public void Recover_TensorsOfAPreset_GivesThePreset(string size, int classes)
    {
        ModelConfig preset = ModelConfig.Preset(size, classes);

        RecoveredModel model = ModelInspector.Recover(MemoryTensors.Of(preset));

        Assert.Equivalent(preset, model.Config, strict: true);
        Assert.Equal(ModelLayout.Enumerate(preset).Select(spec => spec.Name), model.NameMap.Keys);
        Assert.Equal(model.NameMap.Keys, model.NameMap.Values);
        Assert.Contains($"SegNeXt-{size.ToUpperInvariant()}", Assert.Single(model.Notes), StringComparison.Ordinal);
        Assert.Empty(model.Skipped);
    }

    [Fact]
    public void Recover_AnyDimsAndDepths_AreReadOffTheShapes()
    {
        ModelConfig config = Custom(ham: 96, [0, 1, 3]);

        RecoveredModel model = ModelInspector.Recover(MemoryTensors.Of(config).With(new TensorInfo(ModelLayout.BasesName, TensorDType.F32, [1, 96, 5])));

        Assert.Equivalent(config with { Decoder = config.Decoder! with { NmfRank = 5 } }, model.Config, strict: true);
        Assert.Empty(model.Notes);
    }

    [Theory]
    [InlineData(256, 16)]
    [InlineData(288, 64)]
    public void Recover_RankThatNothingTells_IsAssumedWithANote(int ham, int rank)
    {
        RecoveredModel model = ModelInspector.Recover(MemoryTensors.Of(Custom(ham, [1, 2, 3])));

        Assert.Equal(rank, model.Config.Decoder!.NmfRank);
        Assert.Contains($"{rank} is assumed", Assert.Single(model.Notes), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("nano.safetensors")]
    [InlineData("nano_legacy.pth")]
    [InlineData("nano_official.pth")]
    public void Recover_GoldenFile_FitsTheLayoutOfTheRecoveredModel(string name)
    {
        using ITensorSource source = TensorFiles.Open(TestPaths.RequireGolden(name));
        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Equal([8, 16, 16, 32], model.Config.Encoder.EmbedDims);
        Assert.Equal([1, 1, 1, 1], model.Config.Encoder.Depths);
        Assert.Equal([8, 8, 4, 4], model.Config.Encoder.MlpRatios);
        Assert.Equal((32, 32, 16, 7), (model.Config.Decoder!.Channels, model.Config.Decoder.HamChannels, model.Config.Decoder.NmfRank, model.Config.NumClasses));
        Assert.Equal([1, 2, 3], model.Config.Decoder.InputStages);
        Assert.Equal(source is PthFile ? "class_6" : null, model.Config.ClassNames?[6]);
        Assert.Equal(source is PthFile ? 0x8A6CA7 : null, model.Config.Palette?[6]);
        Assert.Equal("loaded 208 of 208 tensors", StateMatcher.Match(source, ModelLayout.Enumerate(model.Config), model.NameMap).ToString());
    }

    [SkippableFact]
    public void Recover_ReferenceWeightsOfT_ArePresetT()
    {
        using ITensorSource source = TensorFiles.Open(TestPaths.RequireShared("golden", "segnext_t_ade.safetensors"));
        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Equivalent(ModelConfig.Preset("t", 150), model.Config, strict: true);
        Assert.Equal("loaded 550 of 550 tensors", StateMatcher.Match(source, ModelLayout.Enumerate(model.Config), model.NameMap).ToString());
    }

    [Fact]
    public void Recover_OwnModelFile_TakesTheConfigFromItsMetadata()
    {
        ModelConfig config = Custom(96, [1, 2, 3]) with { ClassNames = ["a", "b", "c"], Palette = [1, 2, 3], Mean = [1, 2, 3] };
        string path = _folder.File("model.safetensors");
        SafetensorsWriter.Write(
            path,
            ModelLayout.Enumerate(config).Concat(ModelLayout.OptionalBases(config)).Select(spec => NamedTensor.FromBytes(spec.Name, spec.DType, spec.Shape, _ => { })),
            ModelConfigJson.Metadata(config));

        using ITensorSource source = TensorFiles.Open(path);
        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Equivalent(config, model.Config, strict: true);
        Assert.Equal("pt", source.Metadata["format"]);
        MatchResult match = StateMatcher.Match(source, [.. ModelLayout.Enumerate(config), .. ModelLayout.OptionalBases(config)], model.NameMap);
        Assert.Equal(match.Total, match.Loaded);
        Assert.Equal(source.Tensors.Count, match.Loaded);
    }

    [Theory]
    [InlineData("decode_head=dict(ham_kwargs=dict(MD_R=24), drop_path_rate=0.35,)", 24)]
    [InlineData("{'ham_kwargs': {'MD_R': 48}, 'drop_path_rate': 0.35}", 48)]
    public void Recover_ConfigurationTextInMeta_TellsRankAndDropPath(string text, int rank)
    {
        byte[] meta = [(byte)'}', (byte)'(', .. Text("config"), .. Text(text), .. Text("CLASSES"), (byte)']', .. Text("one"), (byte)'a', (byte)'u'];
        using PthFile file = Checkpoint(Custom(96, [1, 2, 3]), ("meta", meta));

        RecoveredModel model = ModelInspector.Recover(file);

        Assert.Equal(rank, model.Config.Decoder!.NmfRank);
        Assert.Equal(0.35, model.Config.Encoder.DropPathRate);
        Assert.Null(model.Config.ClassNames);
        Assert.Contains("names 1 classes, but its classifier has 3", Assert.Single(model.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Recover_TensorsBesideTheModel_AreSkippedWithAReason()
    {
        RecoveredModel model = ModelInspector.Recover(MemoryTensors.Of(ModelConfig.Preset("t", 3)).With(
            new TensorInfo("auxiliary_head.conv_seg.weight", TensorDType.F32, [3, 4, 1, 1]),
            new TensorInfo("head.weight", TensorDType.F32, [1000, 256]),
            new TensorInfo("ema_backbone_norm1_weight", TensorDType.F32, [32])));

        Assert.Equal(
            ["auxiliary_head.conv_seg.weight (auxiliary head, used in training alone)", "head.weight (classifier of the encoder's pre-training)", "ema_backbone_norm1_weight (moving average kept by the training program)"],
            model.Skipped);
    }

    [Fact]
    public void Recover_NamesOfLaterMmsegmentation_AreMapped()
    {
        ModelConfig config = ModelConfig.Preset("t", 3);
        MemoryTensors source = MemoryTensors.Of(config, name => name.Replace("mlp.dwconv.dwconv.", "mlp.dwconv.", StringComparison.Ordinal));

        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Equal("backbone.block1.0.mlp.dwconv.weight", model.NameMap["backbone.block1.0.mlp.dwconv.dwconv.weight"]);
        Assert.Equal("loaded 550 of 550 tensors", StateMatcher.Match(source, ModelLayout.Enumerate(config), model.NameMap).ToString());
    }

    [Theory]
    [InlineData("head.")]
    [InlineData("head.fc.")]
    public void Recover_ImageNetClassifier_HasNoDecoder(string head)
    {
        ModelConfig config = ModelConfig.Classifier("s");
        MemoryTensors source = MemoryTensors.Of(config, name => name.StartsWith("head.", StringComparison.Ordinal) ? head + name[5..] : name);

        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Equivalent(config, model.Config, strict: true);
        MatchResult match = StateMatcher.Match(source, ModelLayout.Enumerate(config), model.NameMap);
        Assert.Equal(source.Tensors.Count, match.Loaded);
    }

    [Theory]
    [InlineData("nano_imagenet_backbone.pth")]
    [InlineData("nano.safetensors")]
    public void BackboneMap_ClassifierOrSegmenter_LoadsTheEncoderAlone(string name)
    {
        using ITensorSource source = TensorFiles.Open(Path.Combine(TestPaths.Golden, name));
        using ITensorSource whole = TensorFiles.Open(Path.Combine(TestPaths.Golden, "nano.safetensors"));
        TensorSpec[] encoder = [.. ModelLayout.Enumerate(ModelInspector.Recover(whole).Config).Where(spec => spec.Name.StartsWith(ModelLayout.BackbonePrefix, StringComparison.Ordinal))];

        MatchResult match = StateMatcher.Match(source, encoder, ModelInspector.BackboneMap(source));

        Assert.Equal(encoder.Length, match.Loaded);
        Assert.Equal(match.Total, match.Loaded);
        foreach (MatchedTensor tensor in match.Tensors.Where(tensor => tensor.Spec.DType == TensorDType.F32))
        {
            float[] found = new float[source.Find(tensor.NameInFile)!.ElementCount];
            float[] expected = new float[found.Length];
            source.ReadFloats(tensor.NameInFile, found);
            whole.ReadFloats(tensor.Spec.Name, expected);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Recover_GoldenClassifier_HasItsTwentyClasses()
    {
        using ITensorSource source = TensorFiles.Open(Path.Combine(TestPaths.Golden, "nano_imagenet_backbone.pth"));

        RecoveredModel model = ModelInspector.Recover(source);

        Assert.Null(model.Config.Decoder);
        Assert.Equal(20, model.Config.NumClasses);
        Assert.Equal(model.Config.Encoder.EmbedDims, ModelInspector.RecoverEncoder(source).EmbedDims);
    }

    [Fact]
    public void RecoverEncoder_OfAPreset_KnowsItsDropPathRate()
    {
        Assert.Equal(0.3, ModelInspector.RecoverEncoder(MemoryTensors.Of(ModelConfig.Classifier("l"))).DropPathRate);
    }

    [Fact]
    public void Recover_AnotherNetwork_SaysWhatIsMissing()
    {
        MemoryTensors source = new([new TensorInfo("conv1.weight", TensorDType.F32, [64, 3, 7, 7])]);

        InputException error = Assert.Throws<InputException>(() => ModelInspector.Recover(source));

        Assert.Equal("memory.pth holds no SegNeXt or SegFormer: there is no tensor 'patch_embed1.proj.3.weight' among its 1, which begin with 'conv1.weight'.", error.Message);
    }

    [Fact]
    public void Recover_PartsMissingOrImpossible_SaysWhich()
    {
        ModelConfig t = ModelConfig.Preset("t", 3);
        MemoryTensors gap = MemoryTensors.Of(t, name => name.StartsWith("backbone.block3.2.", StringComparison.Ordinal) ? null : name);
        MemoryTensors noHead = MemoryTensors.Of(t, name => name.StartsWith("decode_head.", StringComparison.Ordinal) ? null : name);
        MemoryTensors flat = MemoryTensors.Of(t).With(new TensorInfo("decode_head.conv_seg.weight", TensorDType.F32, [3, 256]));
        MemoryTensors channels = MemoryTensors.Of(t).With(new TensorInfo("decode_head.squeeze.conv.weight", TensorDType.F32, [256, 481, 1, 1]));

        Assert.Equal("memory.pth: block 'backbone.block3.2' is missing, though there are 4 in its stage.", Message(gap));
        Assert.Contains("there is no tensor 'decode_head.conv_seg.weight'", Message(noHead), StringComparison.Ordinal);
        Assert.Contains("'decode_head.conv_seg.weight' has shape [3, 256]", Message(flat), StringComparison.Ordinal);
        Assert.Contains("481 channels", Message(channels), StringComparison.Ordinal);

        static string Message(MemoryTensors source) => Assert.Throws<InputException>(() => ModelInspector.Recover(source)).Message;
    }

    private static ModelConfig Custom(int ham, int[] stages) => new()
    {
        Encoder = new MscanConfig() { EmbedDims = [12, 20, 36, 44], Depths = [2, 1, 3, 12], MlpRatios = [3, 2, 5, 1] },
        Decoder = new() { Channels = 64, HamChannels = ham, NmfRank = 16, InputStages = stages },
        NumClasses = 3,
    };

    private PthFile Checkpoint(ModelConfig config, params (string Key, byte[] Value)[] entries)
    {
        byte[] state = [(byte)'}', (byte)'('];
        Dictionary<string, byte[]> storages = [];
        foreach (TensorSpec spec in ModelLayout.Enumerate(config))
        {
            int elements = (int)spec.Shape.Aggregate(1L, (a, b) => a * b);
            int[] shape = [.. spec.Shape.Select(n => (int)n)];
            int[] strides = [.. shape.Select((_, i) => shape[(i + 1)..].Aggregate(1, (a, b) => a * b))];
            string key = $"{storages.Count}";
            storages.Add(key, new byte[elements * spec.DType.Size()]);
            state = [.. state, .. Text(spec.Name), .. Tensor(Storage(spec.DType == TensorDType.I64 ? "LongStorage" : "FloatStorage", key, elements), 0, shape, strides)];
        }

        string path = Write(_folder.File("checkpoint.pth"), Dict([.. entries, ("state_dict", [.. state, (byte)'u'])]), storages);
        return PthFile.Open(path);
    }
}
