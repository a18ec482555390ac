using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class InitialWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Preset_IsAWholeModel()
    {
        ModelConfig config = ModelConfig.Preset("t", 19);
        InitialWeights.Write(File, config, 7);
        using ITensorSource source = TensorFiles.Open(File);
        RecoveredModel recovered = ModelInspector.Recover(source);
        Assert.Equal(ModelConfigJson.Serialize(config), ModelConfigJson.Serialize(recovered.Config));
        MatchResult match = StateMatcher.Match(source, [.. ModelLayout.Enumerate(config), .. ModelLayout.OptionalBases(config)], recovered.NameMap);
        Assert.Equal(match.Total, match.Loaded);
        Assert.Empty(match.Absent);
    }

    [Theory]
    [InlineData("backbone.block1.0.mlp.fc1.weight", 0.0883883)] // √(2 / 256)
    [InlineData("backbone.block1.0.mlp.dwconv.dwconv.weight", 0.4714045)] // √(2 / 9), depth-wise
    [InlineData("backbone.patch_embed4.proj.weight", 0.0294628)] // √(2 / (256 · 9))
    [InlineData("decode_head.conv_seg.weight", 0.01)]
    public void Tensors_Convolutions_HaveTheReleasedCodesSpread(string name, double std)
    {
        float[] values = Read(7, name);
        Assert.InRange(values.Average(), -0.1 * std, 0.1 * std);
        Assert.InRange(Math.Sqrt(values.Average(value => value * value)), 0.93 * std, 1.07 * std);
    }

    [Fact]
    public void Tensors_NormsAndScales_AreConstants()
    {
        Assert.All(Read(7, "backbone.block2.1.norm1.weight"), value => Assert.Equal(1, value));
        Assert.All(Read(7, "backbone.block2.1.norm1.running_var"), value => Assert.Equal(1, value));
        Assert.All(Read(7, "backbone.block2.1.norm1.running_mean"), value => Assert.Equal(0, value));
        Assert.All(Read(7, "backbone.block2.1.attn.proj_1.bias"), value => Assert.Equal(0, value));
        Assert.All(Read(7, "backbone.block2.1.layer_scale_2"), value => Assert.Equal(0.01f, value));
    }

    [Fact]
    public void Tensors_Seed_ChoosesTheNumbers()
    {
        const string Name = "backbone.block1.0.mlp.fc1.weight";
        Assert.Equal(Read(7, Name), Read(7, Name));
        Assert.NotEqual(Read(7, Name), Read(8, Name));
    }

    private float[] Read(ulong seed, string name)
    {
        InitialWeights.Write(File, ModelConfig.Preset("t", 150), seed);
        using ITensorSource source = TensorFiles.Open(File);
        var values = new float[source.Find(name)!.ElementCount];
        source.ReadFloats(name, values);
        return values;
    }
}
