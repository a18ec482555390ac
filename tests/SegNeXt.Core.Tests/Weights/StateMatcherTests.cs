namespace SegNeXt.Core.Tests;

public class StateMatcherTests
{
    private static readonly ModelConfig s_config = ModelConfig.Preset("t", 3);

    [Fact]
    public void Match_ManyFaults_ListsAllOfThemInOneError()
    {
        MemoryTensors source = MemoryTensors.Of(s_config, name => name is "backbone.norm1.weight" or "decode_head.align.gn.bias" ? null : name).With(
            new TensorInfo("decode_head.conv_seg.weight", TensorDType.F32, [150, 256, 1, 1]),
            new TensorInfo("backbone.norm2.weight", TensorDType.I8, [64]),
            new TensorInfo("backbone.extra", TensorDType.F32, [2, 3]),
            new TensorInfo("other\n", TensorDType.F32, []));

        InputException error = Assert.Throws<InputException>(() => StateMatcher.Match(source, ModelLayout.Enumerate(s_config)));

        Assert.Equal(
            """
            memory.pth: the weights do not fit the model: 2 missing, 2 unexpected, 2 misshapen.
              missing: backbone.norm1.weight [32]
              missing: decode_head.align.gn.bias [256]
              unexpected: backbone.extra [2, 3]
              unexpected: other\u000a []
              misshapen: backbone.norm2.weight: I8 in the file, F32 in the model
              misshapen: decode_head.conv_seg.weight: [150, 256, 1, 1] in the file, [3, 256, 1, 1] in the model
            """.ReplaceLineEndings("\n"),
            error.Message);
    }

    [Fact]
    public void Match_CountersAndBasesAbsent_IsComplete()
    {
        MemoryTensors source = MemoryTensors.Of(s_config, name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? null : name);
        TensorSpec[] expected = [.. ModelLayout.Enumerate(s_config), .. ModelLayout.OptionalBases(s_config)];

        MatchResult match = StateMatcher.Match(source, expected);

        Assert.Equal(source.Tensors.Count, match.Loaded);
        Assert.Equal(match.Loaded, match.Total);
        Assert.Equal(expected.Length, match.Total + match.Absent.Count);
        Assert.Contains(ModelLayout.BasesName, match.Absent);
    }

    [Fact]
    public void Match_StoredBasesThatTheModelDoesNotAskFor_AreNoFault()
    {
        MemoryTensors source = MemoryTensors.Of(s_config).With(new TensorInfo(ModelLayout.BasesName, TensorDType.F32, [1, 256, 16]));

        Assert.Equal("loaded 550 of 550 tensors", StateMatcher.Match(source, ModelLayout.Enumerate(s_config)).ToString());
    }

    [Fact]
    public void Match_BasesOfAnotherRank_AreMisshapen()
    {
        MemoryTensors source = MemoryTensors.Of(s_config).With(new TensorInfo(ModelLayout.BasesName, TensorDType.F32, [1, 256, 64]));
        TensorSpec[] expected = [.. ModelLayout.Enumerate(s_config), .. ModelLayout.OptionalBases(s_config)];

        Assert.Contains("[1, 256, 64] in the file, [1, 256, 16] in the model", Assert.Throws<InputException>(() => StateMatcher.Match(source, expected)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Match_ClassifierLeftOut_CountsInTheTotalAlone()
    {
        MemoryTensors source = MemoryTensors.Of(s_config with { NumClasses = 150 });
        MatchOptions options = new() { LeaveOut = spec => spec.Name.StartsWith("decode_head.conv_seg.", StringComparison.Ordinal) };

        MatchResult match = StateMatcher.Match(source, ModelLayout.Enumerate(s_config), null, options);

        Assert.Equal("loaded 548 of 550 tensors", match.ToString());
        Assert.DoesNotContain(match.Tensors, tensor => tensor.NameInFile.Contains("conv_seg", StringComparison.Ordinal));
    }

    [Fact]
    public void Match_HalfPrecisionWeights_Fit()
    {
        MemoryTensors source = new(ModelLayout.Enumerate(s_config).Select(spec => new TensorInfo(spec.Name, spec.DType == TensorDType.F32 ? TensorDType.BF16 : TensorDType.I32, spec.Shape)));

        Assert.Equal(550, StateMatcher.Match(source, ModelLayout.Enumerate(s_config)).Loaded);
    }
}
