using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>The whole of SegFormer-B0 beside the forward pass of <see cref="MixTransformerTests"/>'s reference.</summary>
public sealed class SegFormerTests
{
    [Fact]
    public void Forward_RandomWeights_GivesTheReferencesLogits()
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using RandomWeights weights = new(ModelConfig.Preset("segformer-b0", 11));
        (SegmentationModel model, _) = ModelLoader.OpenSegmentationModel(weights, generator);
        using SegmentationModel owned = model;
        Tensor logits = model.Forward(MixTransformerTests.Picture(72, 104));
        Assert.Equal([1, 11, 18, 26], logits.Shape);
        float[] y = logits.Contiguous().ToArray<float>();
        Assert.Equal(2576.873690, y.Sum(v => (double)Math.Abs(v)), 0.03);
        double[] expected = [0.051687, 0.620001, -0.642578, 1.683963, 0.179839, 0.044214, -0.555652, -0.505288];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], y[(i * (y.Length / expected.Length)) + 3], 2e-4);
        }
    }

    [Fact]
    public void Initialise_ImageNetEncoder_FillsTheBackboneAlone()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("mit_b0.safetensors");
        ModelConfig classifier = ModelConfig.Classifier("segformer-b0", 1000);
        using (Generator source = new(7))
        using (MscanClassifier pretrained = new(classifier, source))
        {
            // As released: names and shapes alone.
            SafetensorsWriter.Write(path, pretrained.StateTensors().Select(entry => ModelState.ToNamed(entry.Key, entry.Value)));
        }

        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("segformer-b0", 11), generator);
        LoadReport report = ModelLoader.Initialise(model, path);
        Assert.Equal(report.Total, report.Loaded);
        Assert.Equal("decoder new (the file holds an encoder)", report.New);
        using ITensorSource file = TensorFiles.Open(path);
        float[] expected = new float[32 * 32];
        file.ReadFloats("block1.1.attn.q.weight", expected);
        Tensor loaded = model.StateTensors().Single(entry => entry.Key == "backbone.block1.1.attn.q.weight").Value;
        Assert.Equal(expected, loaded.Detach().Contiguous().ToArray<float>());
    }

    [Fact]
    public void Initialise_EncoderOfTheOtherFamily_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("mscan.safetensors");
        using Generator generator = new(1);
        using (MscanClassifier pretrained = new(ModelConfig.Classifier("t", 10), generator))
        {
            ModelState.Save(path, pretrained, pretrained.Config);
        }

        using SegmentationModel model = new(ModelConfig.Preset("segformer-b0", 11), generator);
        Assert.Contains("do not fit the model", Assert.Throws<InputException>(() => ModelLoader.Initialise(model, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GradCam_EveryLayerOfSegFormer_HasItsMap()
    {
        using TensorScope scope = new();
        using Generator generator = new(2);
        using SegmentationModel model = new(ModelConfig.Preset("segformer-b0", 4), generator);
        Tensor x = Tensor.Uniform([1, 3, 64, 96], -1, 1, generator);
        foreach (ExplainedLayer layer in Enum.GetValues<ExplainedLayer>())
        {
            ClassActivation found = GradCam.Explain(model, x, layer, logits => logits.Narrow(1, 2, 1).Sum());
            int side = layer == ExplainedLayer.Decoder ? 4 : 4 << (int)layer;
            Assert.Equal((64 / side, 96 / side), (found.Height, found.Width));
            Assert.Contains(found.ChannelWeights, weight => weight != 0);
        }
    }
}
