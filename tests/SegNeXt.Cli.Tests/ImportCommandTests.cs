using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Import_LegacyCheckpoint_KeepsEveryValueAndAddsTheConfig()
    {
        CommandRun run = CommandRun.Of("import", TestPaths.RequireGolden("nano_legacy.pth"), "-o", Output);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("loaded 208 of 208 tensors", run.Error, StringComparison.Ordinal);
        Assert.Contains("7 classes", run.Output, StringComparison.Ordinal);

        using ITensorSource original = TensorFiles.Open(TestPaths.RequireGolden("nano.safetensors"));
        using ITensorSource written = TensorFiles.Open(Output);
        foreach (TensorInfo tensor in original.Tensors)
        {
            Assert.Equal(Floats(original, tensor), Floats(written, written.Find(tensor.Name)!));
        }

        ModelConfig config = ModelInspector.Recover(written).Config;
        Assert.Equal([8, 16, 16, 32], config.Encoder.EmbedDims);
        Assert.Equal(7, config.NumClasses);
        Assert.NotNull(config.ClassNames);
    }

    [Fact]
    public void Import_FileWithoutBases_StoresTheFixedSet()
    {
        CommandRun.Of("import", TestPaths.RequireGolden("nano_legacy.pth"), "-o", Output);
        using ITensorSource written = TensorFiles.Open(Output);
        Assert.Equal(NmfBases.Default(32, 16), Floats(written, written.Find(ModelLayout.BasesName)!));
    }

    [Fact]
    public void Import_Twice_GivesTheSameBytes()
    {
        string again = _folder.File("again.safetensors");
        CommandRun.Of("import", TestPaths.RequireGolden("nano_legacy.pth"), "-o", Output);
        Assert.Equal(ExitCode.Done, CommandRun.Of("import", Output, "-o", again).Code);
        Assert.Equal(File.ReadAllBytes(Output), File.ReadAllBytes(again));
    }

    [Fact]
    public void Import_Malicious_IsRefusedByNameAndLeavesNothing()
    {
        CommandRun.Of("import", TestPaths.RequireGolden("malicious.pth"), "-o", Output).ShouldBeRefused("malicious.pth", "posix.system");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Import_Classifier_IsWrittenAsOne()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Of("import", TestPaths.RequireGolden("nano_imagenet_backbone.pth"), "-o", Output).Code);
        using ITensorSource written = TensorFiles.Open(Output);
        Assert.Null(ModelInspector.Recover(written).Config.Decoder);
    }

    [Fact]
    public void Import_OntoItself_IsRefused()
    {
        File.Copy(TestPaths.RequireGolden("nano.safetensors"), Output);
        CommandRun.Of("import", Output, "-o", Output).ShouldBeRefused("is the file that is read");
        Assert.Equal(File.ReadAllBytes(TestPaths.RequireGolden("nano.safetensors")), File.ReadAllBytes(Output));
    }

    [Theory]
    [InlineData("model.pth", "ends in .safetensors")]
    [InlineData("nowhere/model.safetensors", "nowhere")]
    public void Import_UnusableOutput_IsRefused(string output, string expected)
    {
        CommandRun run = CommandRun.Of("import", "--quiet", TestPaths.RequireGolden("nano_legacy.pth"), "-o", _folder.File(output));
        run.ShouldBeRefused(expected);
    }

    [Fact]
    public void Import_NoSuchFile_IsRefused() =>
        CommandRun.Of("import", _folder.File("missing.pth"), "-o", Output).ShouldBeRefused("missing.pth");

    [Fact]
    public void Info_OfAFile_DescribesItsModel()
    {
        CommandRun run = CommandRun.Of("info", "--weights", TestPaths.RequireGolden("nano_legacy.pth"), "--size", "64x96", "--json");
        Assert.Contains("loaded 208 of 208 tensors", run.Error, StringComparison.Ordinal);
        Assert.Equal(7, run.Json.GetProperty("classes").GetInt32());
        Assert.Equal("custom", run.Json.GetProperty("model").GetString());
    }

    [Fact]
    public void Info_OfAFileThatIsNoModel_IsRefused() =>
        CommandRun.Of("info", "--weights", TestPaths.RequireGolden("metrics.safetensors")).ShouldBeRefused("holds no SegNeXt");

    [Fact]
    public void Info_ModelBesideWeights_IsRefused() =>
        CommandRun.Of("info", "--model", "t", "--weights", "w.safetensors").ShouldBeRefused("--model and --weights exclude each other");

    private static float[] Floats(ITensorSource source, TensorInfo tensor)
    {
        var values = new float[tensor.ElementCount];
        source.ReadFloats(tensor.Name, values);
        return values;
    }
}
