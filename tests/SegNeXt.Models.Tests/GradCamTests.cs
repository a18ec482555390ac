using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

public sealed class GradCamTests
{
    // A classifier's logit is w·mean(A) + b: α is w/P by hand, with P positions.
    [Fact]
    public void Explain_Classifier_IsTheHandComputedMap()
    {
        using TensorScope scope = new();
        using Generator generator = new(1);
        using MscanClassifier model = new(new ModelConfig { Encoder = GoldenModels.Tiny().Encoder, NumClasses = 5 }, generator);
        model.Eval();
        Tensor x = Tensor.Uniform([1, 3, 96, 64], -1, 1, generator);
        ClassActivation found = GradCam.Explain(model, x, ExplainedLayer.Stage4, logits => logits.Narrow(1, 3, 1).Sum());

        Dictionary<string, Tensor> state = model.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);
        float[] weight = state["head.weight"].Detach().Narrow(0, 3, 1).Contiguous().ToArray<float>();
        const int Positions = 3 * 2;
        Assert.Equal((3, 2, Positions), (found.Height, found.Width, found.Values.Length));
        Assert.Equal(weight.Length, found.ChannelWeights.Length);
        for (int c = 0; c < weight.Length; c++)
        {
            Assert.Equal(weight[c] / Positions, found.ChannelWeights[c], 1e-6f);
        }

        float[] stage = Stage4(model, x);
        for (int p = 0; p < Positions; p++)
        {
            double sum = weight.Select((w, c) => (double)w / Positions * stage[(c * Positions) + p]).Sum();
            Assert.Equal(Math.Max(0, sum), found.Values[p], 1e-5);
        }

        Assert.Contains(found.Values, value => value == 0);
        Assert.Contains(found.Values, value => value > 0);
    }

    // α_c · positions is the derivative of the score when the whole channel is lifted.
    [Theory]
    [InlineData(ExplainedLayer.Stage1)]
    [InlineData(ExplainedLayer.Stage2)]
    [InlineData(ExplainedLayer.Stage3)]
    [InlineData(ExplainedLayer.Stage4)]
    [InlineData(ExplainedLayer.Decoder)]
    public void Explain_Segmenter_AgreesWithFiniteDifferencesAtTheLayer(ExplainedLayer layer)
    {
        using TensorScope scope = new();
        using Generator generator = new(2);

        // Several channels a group: a norm of one channel takes away what is added to all of it, and every α would be 0.
        ModelConfig config = GoldenModels.Tiny() with { Decoder = GoldenModels.Tiny().Decoder! with { GroupNormGroups = 4 } };
        using SegmentationModel model = new(config, generator);
        model.To(ScalarType.Float64);
        model.Eval();
        Tensor x = Tensor.Uniform([1, 3, 64, 96], -1, 1, generator).To(ScalarType.Float64);
        ClassActivation found = GradCam.Explain(model, x, layer, Score);
        double largest = found.ChannelWeights.Max(Math.Abs);
        Assert.True(largest > 0);
        int positions = found.Height * found.Width;
        foreach (int channel in new[] { 0, 5, 11, Array.FindIndex(found.ChannelWeights, alpha => Math.Abs(alpha) == (float)largest) })
        {
            const double Step = 1e-4;
            double slope = (ScoreWith(model, x, layer, channel, Step) - ScoreWith(model, x, layer, channel, -Step)) / (2 * Step);
            Assert.Equal(slope / positions, found.ChannelWeights[channel], 1e-4 * largest);
        }
    }

    [Fact]
    public void Explain_Twice_IsTheSameAndLeavesTheModelAsItWas()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using SegmentationModel model = new(GoldenModels.Tiny(), generator);
        model.Train();
        Tensor x = Tensor.Uniform([1, 3, 48, 48], -1, 1, generator);
        Tensor frozen = model.NamedParameters().First().Value.RequiresGrad_(false);
        ClassActivation first = GradCam.Explain(model, x, ExplainedLayer.Stage3, Score);
        ClassActivation second = GradCam.Explain(model, x, ExplainedLayer.Stage3, Score);
        Assert.Equal(first.Values, second.Values);
        Assert.Equal(first.Score, second.Score);
        Assert.True(model.Training);
        Assert.Null(model.Backbone.StageProbe);
        Assert.False(frozen.RequiresGrad);
        Assert.All(model.NamedParameters().Skip(1), entry => Assert.True(entry.Value.RequiresGrad && entry.Value.Grad is null, entry.Key));
    }

    [Fact]
    public void Explain_LayerThatTheDecoderDoesNotRead_IsRefused()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        ModelConfig config = GoldenModels.Tiny() with { Decoder = GoldenModels.Tiny().Decoder! with { InputStages = [0, 1, 2] } };
        using SegmentationModel model = new(config, generator);
        Tensor x = Tensor.Uniform([1, 3, 32, 32], -1, 1, generator);
        InputException error = Assert.Throws<InputException>(() => GradCam.Explain(model, x, ExplainedLayer.Stage4, Score));
        Assert.Equal("stage4 has no part in the scores: this model's decoder reads no stage behind stage3.", error.Message);
        Assert.Equal(error.Message, GradCam.Refusal(config, ExplainedLayer.Stage4));
        Assert.NotEmpty(GradCam.Explain(model, x, ExplainedLayer.Stage3, Score).Values);
    }

    [Fact]
    public void Explain_ScoreWithoutTheLayer_IsAFault()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using SegmentationModel model = new(GoldenModels.Tiny(), generator);
        Tensor x = Tensor.Uniform([1, 3, 32, 32], -1, 1, generator);
        Assert.Throws<ArgumentException>(() => GradCam.Explain(model, x, ExplainedLayer.Stage4, _ => Tensor.Zeros([])));
        Assert.NotEmpty(GradCam.Explain(model, x, ExplainedLayer.Stage1, Score).Values);
    }

    [Fact]
    public void Explain_DecoderOfAClassifier_IsRefused()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using MscanClassifier model = new(new ModelConfig { Encoder = GoldenModels.Tiny().Encoder, NumClasses = 5 }, generator);
        Tensor x = Tensor.Zeros([1, 3, 32, 32]);
        Assert.Contains("stage4", Assert.Throws<InputException>(() => GradCam.Explain(model, x, ExplainedLayer.Decoder, logits => logits.Sum())).Message, StringComparison.Ordinal);
    }

    /// <summary>The logits of class 2 in the left half.</summary>
    private static Tensor Score(Tensor logits) => logits.Narrow(1, 2, 1).Narrow(3, 0, logits.Size(3) / 2).Sum() * 100;

    private static double ScoreWith(SegmentationModel model, Tensor x, ExplainedLayer layer, int channel, double step)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        Tensor Lift(Tensor map)
        {
            float[] lift = new float[map.Size(1)];
            lift[channel] = (float)step;
            return map + Tensor.FromArray<float>(lift, [1, lift.Length, 1, 1]).To(map.Type);
        }

        Conv2d classifier = model.NamedModules().Where(entry => entry.Key == "decode_head.conv_seg").Select(entry => entry.Value).OfType<Conv2d>().Single();
        if (layer == ExplainedLayer.Decoder)
        {
            classifier.InputProbe = Lift;
        }
        else
        {
            model.Backbone.StageProbe = (stage, map) => stage == (int)layer ? Lift(map) : map;
        }

        try
        {
            return Score(model.Forward(x)).Item();
        }
        finally
        {
            classifier.InputProbe = null;
            model.Backbone.StageProbe = null;
        }
    }

    private static float[] Stage4(MscanClassifier model, Tensor x)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        Encoder encoder = model.NamedModules().Select(entry => entry.Value).OfType<Encoder>().Single();
        return encoder.Forward(x)[^1].Contiguous().ToArray<float>();
    }
}
