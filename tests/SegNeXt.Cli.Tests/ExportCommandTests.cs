using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Weights => TestPaths.RequireGolden("nano.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Onnx_IsCheckedAndDescribed()
    {
        CommandRun run = CommandRun.Of("export", "--weights", Weights, "--format", "onnx", "-o", _folder.File("model.onnx"), "--size", "48x64", "--argmax");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("loaded 208 of 208 tensors", run.Error, StringComparison.Ordinal);
        Assert.Contains("image float32 [1, 3, 48, 64] → class_ids uint8 [1, 48, 64]", run.Output, StringComparison.Ordinal);
        Assert.Contains("checked: logits within", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("model.onnx")));
    }

    [Fact]
    public void Export_Model_NeedsNoWeights()
    {
        CommandRun run = CommandRun.Of("export", "--model", "t", "--classes", "19", "-o", _folder.File("model.onnx"));
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Empty(run.Error);
        Assert.Contains("SegNeXt-T, 19 classes, opset 17, image float32 [N, 3, H, W] → logits float32 [N, 19, h, w]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_PthThenImport_GivesTheModelBack()
    {
        CommandRun run = CommandRun.Of("export", "--weights", Weights, "-o", _folder.File("model.pth"));
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("7 classes", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandRun.Of("import", _folder.File("model.pth"), "-o", _folder.File("back.safetensors")).Code);
        using ITensorSource original = TensorFiles.Open(Weights);
        using ITensorSource back = TensorFiles.Open(_folder.File("back.safetensors"));
        foreach (TensorInfo tensor in original.Tensors.Where(tensor => tensor.DType == TensorDType.F32))
        {
            float[] before = new float[tensor.ElementCount], after = new float[tensor.ElementCount];
            original.ReadFloats(tensor.Name, before);
            back.ReadFloats(tensor.Name, after);
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void Export_Classifier_IsRefusedForOnnxAndWrittenAsPth()
    {
        string classifier = TestPaths.RequireGolden("nano_imagenet_backbone.pth");
        CommandRun.Of("export", "--quiet", "--weights", classifier, "-o", _folder.File("model.onnx")).ShouldBeRefused("image classifier");
        Assert.Equal(ExitCode.Done, CommandRun.Of("export", "--weights", classifier, "-o", _folder.File("model.pth")).Code);
        Assert.Equal(["model.pth"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("needs --weights W, or --model", "-o", "a.onnx")]
    [InlineData("--model and --weights exclude each other", "--weights", "w.safetensors", "--model", "t", "-o", "a.onnx")]
    [InlineData("--classes and --weights exclude each other", "--weights", "w.safetensors", "--classes", "3", "-o", "a.onnx")]
    [InlineData("the file's name does not tell", "--model", "t", "-o", "a.bin")]
    [InlineData("does not end in .pth", "--model", "t", "--format", "onnx", "-o", "a.pth")]
    [InlineData("--size is 'big'", "--model", "t", "-o", "a.onnx", "--size", "big")]
    [InlineData("--size belongs to --format onnx", "--model", "t", "-o", "a.pth", "--size", "64x64")]
    [InlineData("--argmax belongs to --format onnx", "--model", "t", "-o", "a.pth", "--argmax")]
    [InlineData("w.safetensors", "--weights", "w.safetensors", "-o", "a.onnx")]
    public void Export_UnusableLine_IsRefused(string expected, params string[] args) => CommandRun.Of(["export", .. args]).ShouldBeRefused(expected);

    [Fact]
    public void Export_NoSuchFolder_IsRefused() =>
        CommandRun.Of("export", "--quiet", "--weights", Weights, "-o", _folder.File("nowhere", "model.onnx")).ShouldBeRefused("nowhere");
}
