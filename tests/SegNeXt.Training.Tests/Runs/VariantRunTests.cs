using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

/// <summary>Runs with the paper's variants: interrupted, resumed, with activation checkpointing, as a start for others.</summary>
public sealed class VariantRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public VariantRunTests() => SmallDataSet.Write(_folder.File("data"), val: 2);

    public void Dispose() => _folder.Dispose();

    // EMA keeps bases between steps, the others do not; batch norms in a decoder are PSP's.
    [Theory]
    [InlineData("model.decoder=ema")]
    [InlineData("model.decoder=psp")]
    [InlineData("model.attention=lka")]
    public void Resume_Variant_EndsAsTheRunThatWasNotInterrupted(string variant)
    {
        string[] settings = [variant, "model.decoder_channels=32", "train.iterations=3", "train.workers=0"];
        Train(_folder, "whole", new Recorder(), settings);
        TrainUntil(2, _folder, "parts", settings);
        Train(_folder, "parts", new Recorder(), true, settings, default);
        Assert.Equal(Weights(_folder.File("whole", "last", "model.safetensors")), Weights(_folder.File("parts", "last", "model.safetensors")));
        ModelConfig stored = ModelConfigOf(_folder.File("whole", "best.safetensors"));
        Assert.Equal(variant, stored.Mscan!.Attention == "lka" ? "model.attention=lka" : $"model.decoder={stored.Decoder!.Type}");
    }

    // A second computation in the backward pass moves no bases and draws the same masks.
    [Theory]
    [InlineData("model.decoder=ema")]
    [InlineData("model.decoder=nl")]
    [InlineData("model.decoder=mlp")]
    public void Train_ActivationCheckpointing_GivesTheVeryWeightsOfNone(string variant)
    {
        string[] settings = [variant, "model.decoder_channels=32", "train.iterations=2", "train.workers=0"];
        Train(_folder, "none", new Recorder(), settings);
        Train(_folder, "blocks", new Recorder(), [.. settings, "train.activation_checkpointing=blocks"]);
        Assert.Equal(Weights(_folder.File("none", "last", "model.safetensors")), Weights(_folder.File("blocks", "last", "model.safetensors")));
    }

    [Fact]
    public void Initialise_AnotherDecoder_LoadsTheEncoderAndSaysSo()
    {
        Train(_folder, "ham", new Recorder(), "train.iterations=1", "model.decoder_channels=32");
        Recorder progress = new();
        string init = "model.init=" + _folder.File("ham", "best.safetensors");
        using Trainer trainer = Open(_folder, "nl", progress, false, init, "model.decoder=nl", "model.decoder_channels=32");
        Assert.Contains(progress.Messages, message => message.EndsWith("decoder new (ham on stages 2, 3, 4 in the file, nl on stages 2, 3, 4 here)", StringComparison.Ordinal));

        // Without the attention's own weights there is no start.
        InputException error = Assert.Throws<InputException>(() => Open(_folder, "lka", new Recorder(), false, init, "model.attention=lka"));
        Assert.Contains("conv_spatial", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DecoderWithBatchNormAndBatchesOfOne_IsRefusedThoughTheEncoderIsFrozen()
    {
        Open(_folder, "ham", new Recorder(), false, "train.batch=1", "train.freeze=encoder").Dispose();
        InputException error = Assert.Throws<InputException>(() => Open(_folder, "psp", new Recorder(), false, "train.batch=1", "train.freeze=encoder", "model.decoder=psp"));
        Assert.Contains("at least 2 images", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("train.freeze=encoder", error.Message, StringComparison.Ordinal);
    }

    private static ModelConfig ModelConfigOf(string path)
    {
        using ITensorSource source = TensorFiles.Open(path);
        return ModelInspector.Recover(source).Config;
    }
}
