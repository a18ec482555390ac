using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;

namespace SegNeXt.Export.Tests;

public sealed class OnnxExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("model.onnx");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int?, int?, bool> Forms => new() { { null, null, false }, { null, null, true }, { 40, 72, false }, { 1024, 2048, true }, { 1, 1, true } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Write_EveryForm_AgreesWithTheEngine(int? height, int? width, bool argMax)
    {
        OnnxReport report = Export(Samples.Small, new OnnxOptions { Height = height, Width = width, ArgMax = argMax });
        Assert.InRange(report.Difference, 0, 2e-5);
        Assert.Equal(new FileInfo(Output).Length, report.Bytes);
        string size = height is null ? "H, W" : $"{height}, {width}", batch = height is null ? "N" : "1";
        Assert.Equal($"image float32 [{batch}, 3, {size}]", report.Input);
        if (argMax)
        {
            Assert.Equal($"class_ids uint8 [{batch}, {size}]", report.Output);
        }
    }

    [SkippableTheory]
    [InlineData("nano.safetensors")]
    [InlineData("tiny.safetensors")]
    public void Write_GoldenModels_AgreeWithTheEngine(string name)
    {
        string path = TestPaths.RequireGolden(name);
        using ManagedSegmenter engine = ManagedSegmenter.Open(path, 1);
        using ITensorSource source = TensorFiles.Open(path);
        Assert.InRange(OnnxExport.Write(Output, ModelTensors.Of(source), new OnnxOptions(), engine).Difference, 0, 2e-5);
    }

    [Fact]
    public void Write_Model_FoldsEveryBatchNorm()
    {
        Export(Samples.Small, new OnnxOptions());
        ModelProto model = Read();
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType is "BatchNormalization" or "Dropout" or "RandomUniform");
        Assert.DoesNotContain(model.Graph.Initializer, constant => constant.Name.Contains("running_", StringComparison.Ordinal) || constant.Name.Contains("layer_scale", StringComparison.Ordinal));
        Assert.Contains(model.Graph.Initializer, constant => constant.Name == ModelLayout.BasesName && constant.Dims.SequenceEqual([1L, 64L, 8L]));
        Assert.Equal(17, Assert.Single(model.OpsetImport).Version);
    }

    [Fact]
    public void Write_FixedSize_LeavesNoShapeToCompute()
    {
        Export(Samples.Small, new OnnxOptions { Height = 64, Width = 96, ArgMax = true });
        Assert.DoesNotContain(Read().Graph.Node, node => node.OpType == "Shape");
    }

    [Fact]
    public void Write_Metadata_TellsClassesColoursAndNormalisation()
    {
        Export(Samples.Small, new OnnxOptions { Height = 64, Width = 96 });
        Dictionary<string, string> metadata = Read().MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal(Samples.Small.ClassNames, JsonSerializer.Deserialize<string[]>(metadata["classes"]));
        Assert.Equal(["#804080", "#f423e8", "#4682b4", "#00008e", "#000000"], JsonSerializer.Deserialize<string[]>(metadata["palette"])!);
        Assert.Equal(Samples.Small.Mean, JsonSerializer.Deserialize<double[]>(metadata["mean"]));
        Assert.Equal(Samples.Small.Std, JsonSerializer.Deserialize<double[]>(metadata["std"]));
        Assert.Equal("64x96", metadata["size"]);
        Assert.Equal(ModelConfigJson.Serialize(Samples.Small), metadata[ModelConfigJson.MetadataKey]);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        Export(Samples.Small, new OnnxOptions());
        byte[] first = File.ReadAllBytes(Output);
        Export(Samples.Small, new OnnxOptions());
        Assert.Equal(first, File.ReadAllBytes(Output));
    }

    [Fact]
    public void Write_EngineWithOtherWeights_IsRefusedAndNothingWritten()
    {
        string other = Samples.Write(_folder.File("other.safetensors"), Samples.Small, "decode_head.conv_seg.bias", [5], [0, 1, 0, 0, 0]);
        string path = Samples.Write(_folder.File("model.safetensors"), Samples.Small);
        using ManagedSegmenter engine = ManagedSegmenter.Open(other, 1);
        using ITensorSource source = TensorFiles.Open(path);
        InputException thrown = Assert.Throws<InputException>(() => OnnxExport.Write(Output, ModelTensors.Of(source), new OnnxOptions(), engine));
        Assert.Contains("nothing is written", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void Write_WeightsThatAreNoNumbers_IsRefused()
    {
        string path = Samples.Write(_folder.File("nan.safetensors"), Samples.Small, "decode_head.conv_seg.bias", [5], [0, float.NaN, 0, 0, 0]);
        using ManagedSegmenter engine = ManagedSegmenter.Open(path, 1);
        using ITensorSource source = TensorFiles.Open(path);
        InputException thrown = Assert.Throws<InputException>(() => OnnxExport.Write(Output, ModelTensors.Of(source), new OnnxOptions(), engine));
        Assert.Contains("not all finite", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(null, 64)]
    [InlineData(0, 64)]
    public void Write_HalfASize_IsRefused(int? height, int? width) =>
        Assert.Throws<InputException>(() => Export(Samples.Small, new OnnxOptions { Height = height, Width = width }));

    private OnnxReport Export(ModelConfig config, OnnxOptions options)
    {
        string path = Samples.Write(_folder.File("model.safetensors"), config);
        using ManagedSegmenter engine = ManagedSegmenter.Open(path, 1);
        using ITensorSource source = TensorFiles.Open(path);
        return OnnxExport.Write(Output, ModelTensors.Of(source), options, engine);
    }

    private ModelProto Read() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Output));
}
