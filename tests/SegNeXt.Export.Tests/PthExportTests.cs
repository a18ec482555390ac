using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Export.Tests;

public sealed class PthExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("model.pth");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Model_ComesBackBitForBit()
    {
        string path = Samples.Write(_folder.File("model.safetensors"), Samples.Small);
        using ITensorSource source = TensorFiles.Open(path);
        PthReport report = PthExport.Write(Output, ModelTensors.Of(source));
        using PthFile written = PthFile.Open(Output);
        IReadOnlyList<TensorSpec> expected = ModelLayout.Enumerate(Samples.Small);
        Assert.Equal(expected.Count, report.Tensors);
        Assert.Equal(expected.Select(spec => spec.Name), written.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("state_dict", written.StateDictKey);
        foreach (TensorSpec spec in expected)
        {
            TensorInfo tensor = written.Find(spec.Name)!;
            Assert.Equal(spec.DType, tensor.DType);
            Assert.Equal(spec.Shape, tensor.Shape);
            Assert.Equal(Bytes(source, spec.Name), Bytes(written, spec.Name));
        }
    }

    [Fact]
    public void Write_Meta_GivesTheWholeConfigBack()
    {
        using ITensorSource source = TensorFiles.Open(Samples.Write(_folder.File("model.safetensors"), Samples.Small));
        PthExport.Write(Output, ModelTensors.Of(source));
        using PthFile written = PthFile.Open(Output);
        Assert.Equal(Samples.Small.ClassNames, written.Meta.ClassNames);
        Assert.Equal(Samples.Small.Palette, written.Meta.Palette);
        Assert.Equal(ModelConfigJson.Serialize(Samples.Small), ModelConfigJson.Serialize(ModelInspector.Recover(written).Config));
    }

    [Theory]
    [InlineData("nl")]
    [InlineData("mlp")]
    public void Write_AnotherDecoder_ComesBack(string decoder)
    {
        ModelConfig config = Samples.Small.WithDecoder(decoder) with { Encoder = Samples.Small.Mscan! with { Gating = false } };
        using ITensorSource source = TensorFiles.Open(Samples.Write(_folder.File("model.safetensors"), config));
        PthExport.Write(Output, ModelTensors.Of(source));
        using PthFile written = PthFile.Open(Output);
        Assert.Equal(ModelConfigJson.Serialize(config), ModelConfigJson.Serialize(ModelInspector.Recover(written).Config));
        Assert.Equal(ModelLayout.Enumerate(config).Select(spec => spec.Name), written.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Write_BasesOfTheirOwn_AreLeftOutAndSaid()
    {
        string path = _folder.File("model.safetensors");
        using (ITensorSource usual = TensorFiles.Open(Samples.Write(path, Samples.Small)))
        {
            Assert.False(PthExport.Write(Output, ModelTensors.Of(usual)).LeftBasesOut);
        }

        Samples.Write(path, Samples.Small, ModelLayout.BasesName, [1, 64, 8], new float[64 * 8]);
        using ITensorSource own = TensorFiles.Open(path);
        Assert.True(PthExport.Write(Output, ModelTensors.Of(own)).LeftBasesOut);
        using PthFile written = PthFile.Open(Output);
        Assert.Null(written.Find(ModelLayout.BasesName));
    }

    [Theory]
    [InlineData("nano_legacy.pth")]
    [InlineData("nano_imagenet_backbone.pth")]
    public void Write_OfficialCheckpoints_KeepsNamesAndValues(string name)
    {
        using ITensorSource source = TensorFiles.Open(TestPaths.RequireGolden(name));
        PthExport.Write(Output, ModelTensors.Of(source));
        using ITensorSource written = TensorFiles.Open(Output);
        foreach (TensorInfo tensor in written.Tensors)
        {
            Assert.Equal(Bytes(source, tensor.Name), Bytes(written, tensor.Name));
        }
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        using ITensorSource source = TensorFiles.Open(Samples.Write(_folder.File("model.safetensors"), Samples.Small));
        PthExport.Write(Output, ModelTensors.Of(source));
        byte[] first = File.ReadAllBytes(Output);
        PthExport.Write(Output, ModelTensors.Of(source));
        Assert.Equal(first, File.ReadAllBytes(Output));
    }

    private static byte[] Bytes(ITensorSource source, string name)
    {
        var bytes = new byte[source.Find(name)!.ByteLength];
        source.ReadBytes(name, 0, bytes);
        return bytes;
    }
}
