using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Models;

public class MixTransformerConfigTests
{
    private static readonly ModelConfig s_classifier = new() { Encoder = MixTransformerConfig.B0, NumClasses = 1000 };

    // Names and order of the released mit_b0.pth: all patch embeddings, then each stage's blocks and its norm.
    [Fact]
    public void Enumerate_ClassifierB0_HasTheReleasedNames()
    {
        string[] names = [.. ModelLayout.Enumerate(s_classifier).Select(tensor => $"{tensor.Name} {string.Join('×', tensor.Shape)}")];
        Assert.Equal(
            [
                "patch_embed1.proj.weight 32×3×7×7", "patch_embed1.proj.bias 32", "patch_embed1.norm.weight 32", "patch_embed1.norm.bias 32",
                "patch_embed2.proj.weight 64×32×3×3", "patch_embed2.proj.bias 64",
            ],
            names[..6]);
        int first = Array.FindIndex(names, name => name.StartsWith("block1.0.", StringComparison.Ordinal));
        Assert.Equal(16, first);
        Assert.Equal(
            [
                "block1.0.norm1.weight 32", "block1.0.norm1.bias 32", "block1.0.attn.q.weight 32×32", "block1.0.attn.q.bias 32",
                "block1.0.attn.kv.weight 64×32", "block1.0.attn.kv.bias 64", "block1.0.attn.proj.weight 32×32", "block1.0.attn.proj.bias 32",
                "block1.0.attn.sr.weight 32×32×8×8", "block1.0.attn.sr.bias 32", "block1.0.attn.norm.weight 32", "block1.0.attn.norm.bias 32",
                "block1.0.norm2.weight 32", "block1.0.norm2.bias 32", "block1.0.mlp.fc1.weight 128×32", "block1.0.mlp.fc1.bias 128",
                "block1.0.mlp.dwconv.dwconv.weight 128×1×3×3", "block1.0.mlp.dwconv.dwconv.bias 128", "block1.0.mlp.fc2.weight 32×128", "block1.0.mlp.fc2.bias 32",
            ],
            names[first..(first + 20)]);
        Assert.DoesNotContain(names, name => name.StartsWith("block4.0.attn.sr", StringComparison.Ordinal));
        Assert.Equal(["norm4.weight 256", "norm4.bias 256", "head.weight 1000×256", "head.bias 1000"], names[^4..]);
    }

    // SegFormer's Table 1, column of the encoder's parameters, in millions.
    [Theory]
    [InlineData(0, 3.4)]
    [InlineData(1, 13.1)]
    [InlineData(2, 24.2)]
    [InlineData(3, 44.0)]
    [InlineData(4, 60.8)]
    [InlineData(5, 81.4)]
    public void CountEncoderParameters_EverySize_IsTheRivalPapersFigure(int size, double millions)
    {
        MixTransformerConfig[] sizes = [MixTransformerConfig.B0, MixTransformerConfig.B1, MixTransformerConfig.B2, MixTransformerConfig.B3, MixTransformerConfig.B4, MixTransformerConfig.B5];
        Assert.Equal(millions, ModelLayout.CountEncoderParameters(s_classifier with { Encoder = sizes[size] }) / 1e6, 0.1);
    }

    [Fact]
    public void Json_MixTransformer_RoundTrips()
    {
        ModelConfig config = s_classifier with { Encoder = MixTransformerConfig.B2 with { DropPathRate = 0.2, SrRatios = [4, 4, 2, 1], NumHeads = [2, 2, 5, 8] } };
        string json = ModelConfigJson.Serialize(config);
        Assert.Contains("\"encoder\":{\"type\":\"mit\",", json, StringComparison.Ordinal);
        var back = Assert.IsType<MixTransformerConfig>(ModelConfigJson.Deserialize(json, "x").Encoder);
        Assert.Equal([64, 128, 320, 512], back.EmbedDims);
        Assert.Equal([3, 4, 6, 3], back.Depths);
        Assert.Equal([4, 4, 4, 4], back.MlpRatios);
        Assert.Equal([4, 4, 2, 1], back.SrRatios);
        Assert.Equal([2, 2, 5, 8], back.NumHeads);
        Assert.Equal(0.2, back.DropPathRate);
    }

    // Files that are there already must come out byte for byte.
    [Fact]
    public void Json_Mscan_HasNoType() =>
        Assert.StartsWith("{\"name\":\"t\",\"encoder\":{\"embed_dims\":[32,64,160,256],\"depths\":[3,3,5,2],\"mlp_ratios\":[8,8,4,4],\"drop_path_rate\":0.1},", ModelConfigJson.Serialize(ModelConfig.Preset("t", 2)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"type\":\"vit\",", "there is no encoder of type 'vit'; the type is 'mit', or absent for MSCAN.")]
    [InlineData("\"sr_ratios\":[8,4,2,1],", "the field encoder.sr_ratios belongs to an encoder of type 'mit'.")]
    [InlineData("\"type\":\"mit\",\"num_heads\":[3,2,5,8],", "The model's Encoder.NumHeads is [3, 2, 5, 8]; expected divisors of the channels [32, 64, 160, 256].")]
    [InlineData("\"type\":\"mit\",\"sr_ratios\":[8,4,2],", "The model's Encoder.SrRatios is [8, 4, 2]; expected four numbers above 0.")]
    [InlineData("\"type\":\"mit\",\"sr_ratios\":[800,4,2,1],", "the field encoder.sr_ratios is 800, more than 64.")]
    public void Json_WrongEncoder_IsToldInASentence(string fields, string sentence)
    {
        string json = $$"""{"encoder":{{{fields}}"embed_dims":[32,64,160,256],"depths":[1,1,1,1]},"num_classes":7}""";
        Assert.Equal($"w.safetensors: model config: {sentence}", Assert.Throws<InputException>(() => ModelConfigJson.Deserialize(json, "w.safetensors")).Message);
    }

    [Fact]
    public void Recover_NamesAndShapesAlone_GiveTheEncoder()
    {
        using TemporaryFolder folder = new();
        ModelConfig config = s_classifier with { Encoder = new MixTransformerConfig { EmbedDims = [8, 16, 20, 32], Depths = [1, 2, 1, 1], MlpRatios = [2, 4, 2, 4], SrRatios = [4, 2, 1, 1] }, NumClasses = 5 };
        string path = folder.File("mit.safetensors");
        using (RandomWeights weights = new(config))
        {
            SafetensorsWriter.Write(path, weights.Tensors.Select(tensor =>
            {
                float[] values = new float[tensor.ElementCount];
                weights.ReadFloats(tensor.Name, values);
                return NamedTensor.FromFloats(tensor.Name, tensor.Shape, values);
            }));
        }

        using ITensorSource source = TensorFiles.Open(path);
        RecoveredModel recovered = ModelInspector.Recover(source);
        var encoder = Assert.IsType<MixTransformerConfig>(recovered.Config.Encoder);
        Assert.Equal([8, 16, 20, 32], encoder.EmbedDims);
        Assert.Equal([1, 2, 1, 1], encoder.Depths);
        Assert.Equal([2, 4, 2, 4], encoder.MlpRatios);
        Assert.Equal([4, 2, 1, 1], encoder.SrRatios);
        Assert.Equal(5, recovered.Config.NumClasses);
        Assert.Null(recovered.Config.Decoder);
        Assert.All(ModelInspector.BackboneMap(source), entry => Assert.StartsWith("backbone.", entry.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void Count_MixTransformer_AddsUpAndGrowsWithTheSquareOfThePicture()
    {
        ComplexityReport small = ModelComplexity.Count(s_classifier, 256, 256);
        ComplexityReport large = ModelComplexity.Count(s_classifier, 512, 512);
        Assert.Equal(ModelLayout.CountParameters(s_classifier), small.Parameters);
        Assert.Equal(small.ByKind.Values.Sum(), small.MultiplyAdds);
        Assert.Equal(16 * small.ByKind[ComplexityKind.Attention], large.ByKind[ComplexityKind.Attention]);
        Assert.Equal(4 * small.ByKind[ComplexityKind.BlockPointwise], large.ByKind[ComplexityKind.BlockPointwise]);
        Assert.All(ModelComplexity.Count(s_classifier, 1, 1).Stages, stage => Assert.Equal([1, 1], stage.Output[1..]));
    }

    [Fact]
    public void RequireMscan_MixTransformer_SaysWhatRunsIt() =>
        Assert.Equal(
            "The managed engine knows SegNeXt's encoder MSCAN alone, and this model's is a Mix Transformer (SegFormer); --engine torch runs it.",
            Assert.Throws<InputException>(() => s_classifier.RequireMscan("The managed engine")).Message);

    [Fact]
    public void ActivationMemory_MixTransformer_GrowsFasterThanThePicture()
    {
        long quarter = ActivationMemory.Estimate(s_classifier, 1024, 1024);
        Assert.InRange(ActivationMemory.Estimate(s_classifier, 2048, 2048), 8 * quarter, 16 * quarter);
    }
}
