using System.Globalization;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Models;

/// <summary>SegFormer, the rival of the paper's Table 9: its sizes, its names, its figures.</summary>
public class SegFormerTests
{
    [Theory]
    [InlineData("segformer-b0", "3.8")]
    [InlineData("segformer-b1", "13.7")]
    [InlineData("segformer-b2", "27.5")]
    [InlineData("segformer-b3", "47.3")]
    public void CountParameters_PapersTable9_IsThePrintedFigure(string model, string printed) =>
        Assert.Equal(printed, (ModelLayout.CountParameters(ModelConfig.Preset(model, 150)) / 1e6).ToString("0.0", CultureInfo.InvariantCulture));

    // Table 9's multiply-adds of SegFormer are SegFormer's own, by another rule than those of SegNeXt: its counter knows products,
    // the biases of convolutions, batch norms twice and ReLU, but no layer norm, no resize and no scale of the attention. By that
    // rule they come out to 0.05 %, those of Cityscapes with ADE20K's classifier of 150 classes; by ours they are larger.
    [Theory]
    [InlineData("segformer-b0", 512, 512, 8.4)]
    [InlineData("segformer-b1", 512, 512, 15.9)]
    [InlineData("segformer-b2", 512, 512, 62.4)]
    [InlineData("segformer-b3", 512, 512, 79.0)]
    [InlineData("segformer-b0", 1024, 2048, 125.5)]
    [InlineData("segformer-b1", 1024, 2048, 243.7)]
    [InlineData("segformer-b2", 1024, 2048, 717.1)]
    [InlineData("segformer-b3", 1024, 2048, 962.9)]
    public void Count_PapersTable9_IsThePrintedFigureByTheRivalsRule(string model, int height, int width, double printed)
    {
        ModelConfig config = ModelConfig.Preset(model, 150);
        ComplexityReport report = ModelComplexity.Count(config, height, width);
        Assert.Equal(printed, (report.ProductMultiplyAdds + Beside(config, height, width)) / 1e9, 0.05 + (printed * 4e-4));
        Assert.InRange(report.Gmacs / printed, 1.001, 1.04);
    }

    [Theory]
    [InlineData("segformer-b0", 512, 512, 150, "8.4")]
    [InlineData("segformer-b1", 512, 512, 150, "15.9")]
    [InlineData("segformer-b2", 512, 512, 150, "62.4")]
    [InlineData("segformer-b3", 512, 512, 150, "79.0")]
    [InlineData("segformer-b0", 1024, 2048, 19, "125.5")]
    [InlineData("segformer-b1", 1024, 2048, 19, "243.7")]
    [InlineData("segformer-b2", 1024, 2048, 19, "717.1")]
    [InlineData("segformer-b3", 1024, 2048, 19, "962.9")]
    public void Count_Documentation_ShowsTheFigures(string model, int height, int width, int classes, string printed)
    {
        ModelConfig config = ModelConfig.Preset(model, classes);
        double ours = ModelComplexity.Count(config, height, width).Gmacs;
        ModelConfig ade = config with { NumClasses = 150 };
        double theirs = (ModelComplexity.Count(ade, height, width).ProductMultiplyAdds + Beside(ade, height, width)) / 1e9;
        string row = string.Create(CultureInfo.InvariantCulture, $"| {config.Title} | {width}×{height} | {classes} | {printed} | {theirs:0.000} | {ours:0.000} |");
        Assert.Contains(row, File.ReadLines(Path.Combine(TestPaths.Repository, "docs", "flops.md")));
    }

    [Fact]
    public void Enumerate_B0_HasTheReleasedDecodersNames()
    {
        string[] names = [.. ModelLayout.Enumerate(ModelConfig.Preset("segformer-b0", 150)).Where(tensor => tensor.Name.StartsWith("decode_head.", StringComparison.Ordinal)).Select(tensor => $"{tensor.Name[12..]} {string.Join('×', tensor.Shape)}")];
        Assert.Equal(
            [
                "linear_c4.proj.weight 256×256", "linear_c4.proj.bias 256", "linear_c3.proj.weight 256×160", "linear_c3.proj.bias 256",
                "linear_c2.proj.weight 256×64", "linear_c2.proj.bias 256", "linear_c1.proj.weight 256×32", "linear_c1.proj.bias 256",
                "linear_fuse.conv.weight 256×1024×1×1", "linear_fuse.bn.weight 256", "linear_fuse.bn.bias 256",
                "linear_fuse.bn.running_mean 256", "linear_fuse.bn.running_var 256", "linear_fuse.bn.num_batches_tracked ",
                "linear_pred.weight 150×256×1×1", "linear_pred.bias 150",
            ],
            names);
    }

    [Fact]
    public void Recover_ReleasedNames_GiveTheSizeAndLeaveTheUnusedClassifierOut()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("segformer.b0.512x512.ade.160k.safetensors");
        using (RandomWeights weights = new(ModelConfig.Preset("segformer-b0", 19)))
        {
            IEnumerable<NamedTensor> tensors = weights.Tensors.Where(tensor => tensor.DType == TensorDType.F32).Select(tensor =>
            {
                float[] values = new float[tensor.ElementCount];
                weights.ReadFloats(tensor.Name, values);
                return NamedTensor.FromFloats(tensor.Name, tensor.Shape, values);
            });

            // The released head registers its base class's classifier of 128 channels, which nothing reads.
            SafetensorsWriter.Write(path, [NamedTensor.FromFloats("decode_head.conv_seg.weight", [19, 128, 1, 1], new float[19 * 128]), NamedTensor.FromFloats("decode_head.conv_seg.bias", [19], new float[19]), .. tensors]);
        }

        using ITensorSource source = TensorFiles.Open(path);
        RecoveredModel recovered = ModelInspector.Recover(source);
        Assert.Equal(("segformer-b0", "SegFormer-B0", 19), (recovered.Config.Name, recovered.Config.Title, recovered.Config.NumClasses));
        Assert.Equal((DecoderTypes.Mlp, 256), (recovered.Config.Decoder!.Type, recovered.Config.Decoder.Channels));
        Assert.Equal(2, recovered.Skipped.Count(line => line.StartsWith("decode_head.conv_seg", StringComparison.Ordinal)));
        MatchResult match = ModelTensors.Of(source, recovered).Match;
        Assert.Equal(match.Total, match.Loaded);
    }

    [Theory]
    [InlineData("t", "SegNeXt-T", "MSCAN-T")]
    [InlineData("SEGFORMER-B5", "SegFormer-B5", "MiT-B5")]
    public void Title_Preset_IsWhatPeopleCallIt(string model, string segmenter, string classifier)
    {
        Assert.Equal(segmenter, ModelConfig.Preset(model, 2).Title);
        Assert.Equal(classifier, ModelConfig.Classifier(model).Title);
        Assert.Equal("SegFormer", (ModelConfig.Preset("segformer-b1", 2) with { Name = "custom" }).Title);
    }

    [Fact]
    public void Preset_UnknownSize_NamesThoseThereAre() =>
        Assert.Contains("segformer-b0 to segformer-b5", Assert.Throws<InputException>(() => ModelConfig.Preset("segformer-b6", 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryPresetName_IsAPresetOfThatName() =>
        Assert.All(ModelConfig.PresetNames, name => Assert.Equal(name, ModelConfig.Preset(name, 3).Name));

    /// <summary>What SegFormer's counter adds to products: biases of convolutions, batch norm twice and ReLU once for each value.</summary>
    private static long Beside(ModelConfig config, int height, int width)
    {
        var encoder = (MixTransformerConfig)config.Encoder;
        long sum = 0;
        for (int stage = 0; stage < 4; stage++)
        {
            long positions = (long)(height >> (stage + 2)) * (width >> (stage + 2));
            int dim = encoder.EmbedDims[stage], ratio = encoder.SrRatios[stage];
            long reduction = ratio > 1 ? dim * positions / (ratio * ratio) : 0;
            sum += (dim * positions) + (encoder.Depths[stage] * (reduction + (4 * dim * positions)));
        }

        long quarter = (long)(height / 4) * (width / 4);
        return sum + (((3 * config.Decoder!.Channels) + config.NumClasses) * quarter);
    }
}
