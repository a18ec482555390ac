using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

[Collection(ResidentMemory.Alone)]
public sealed class ShippedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ShippedModel.FolderVariable, null);
        _folder.Dispose();
    }

    [Fact]
    public void Require_ModelsFolderAboveTheProgram_IsFound()
    {
        string program = Directory.CreateDirectory(_folder.File("artifacts", "bin", "cli")).FullName;
        Directory.CreateDirectory(_folder.File("models"));
        File.WriteAllText(_folder.File("models", ShippedModel.FileName), "x");
        Assert.Equal(_folder.File("models", ShippedModel.FileName), ShippedModel.Require(program, models: null));
        Assert.Equal(_folder.File("models", ShippedModel.FileName), ShippedModel.Require(program, _folder.File("models")));
    }

    [Fact]
    public void Require_NotThere_NamesTheOption()
    {
        InputException error = Assert.Throws<InputException>(() => ShippedModel.Require(_folder.Path, models: null));
        Assert.Equal("The model that comes with the program (models/segnext-t-camvid.safetensors) is not there; say which weights to use with --weights W.", error.Message);
        error = Assert.Throws<InputException>(() => ShippedModel.Require(_folder.Path, _folder.Path));
        Assert.Contains($"SEGNEXT_MODELS is {_folder.Path}", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Predict_WithoutWeights_UsesTheModelAndSaysSo()
    {
        SmallModel.Write(_folder.File("model.safetensors"), 11);
        Assert.Equal(ExitCode.Done, CommandRun.Of("import", _folder.File("model.safetensors"), "--half", "-o", _folder.File(ShippedModel.FileName)).Code);
        PngWriter.WriteRgb(_folder.File("straße 街.png"), new RgbImage(40, 30));
        Environment.SetEnvironmentVariable(ShippedModel.FolderVariable, _folder.Path);
        CommandRun run = CommandRun.Of("predict", "--out", _folder.File("masks"), _folder.File("straße 街.png"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Output));
        Assert.Contains($"no --weights given: using {_folder.File(ShippedModel.FileName)}", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("masks", "straße 街.png")));
    }
}
