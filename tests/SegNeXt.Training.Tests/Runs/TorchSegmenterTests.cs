using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Models.Tests;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class TorchSegmenterTests
{
    [SkippableFact]
    public void TestTimeModes_Golden_AgreeWithTheReleasedCode()
    {
        using GoldenFile weights = new("tiny.safetensors");
        using GoldenFile golden = new("inference_tiny.safetensors");
        using TensorScope scope = new();
        using Generator generator = new(1);
        SegmentationModel model = new(GoldenModels.Tiny(), generator);
        weights.Fill(model, "");
        ((HamHead)model.DecodeHead).Hamburger.Factorisation.EvaluationBases = golden["nmf_bases"];
        using TorchSegmenter segmenter = new(model, Device.Cpu);
        InferenceGolden.Check(segmenter);
    }

    [Fact]
    public void Factory_SavedModel_SaysHowManyTensorsAndGivesOneAnswer()
    {
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        using (SegmentationModel model = new(GoldenModels.Tiny(), generator))
        {
            ModelState.Save(folder.File("tiny.safetensors"), model, model.Config);
        }

        RgbImage image = new(37, 21);
        new Random(1).NextBytes(image.Pixels);
        OpenedSegmenter opened = SegmenterFactory.Open(folder.File("tiny.safetensors"), new EngineOptions(Threads: 1));
        using ISegmenter segmenter = opened.Segmenter;
        Assert.EndsWith("loaded 247 of 247 tensors", opened.Loaded.ToString(), StringComparison.Ordinal);
        LogitMap logits = segmenter.Forward(image);
        Assert.Equal((7, 3, 5), (logits.Classes, logits.Height, logits.Width));
        Assert.Equal(logits.Values, segmenter.Forward(image).Values);
        LabelMap ids = segmenter.Segment(image);
        Assert.Equal((37, 21), (ids.Width, ids.Height));
        Assert.Equal(LogitResize.ArgMax(logits, 21, 37).Ids, ids.Ids);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:77")]
    public void Factory_DeviceThatIsNotThere_IsRefusedByName(string device)
    {
        InputException error = Assert.Throws<InputException>(() => TorchSetup.Open(device, null));
        Assert.Contains(device, error.Message, StringComparison.Ordinal);
    }
}
