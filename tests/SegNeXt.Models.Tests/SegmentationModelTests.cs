using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

public sealed class SegmentationModelTests
{
    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    [InlineData("b")]
    [InlineData("l")]
    public void StateTensors_EverySize_AreThoseOfTheLayoutInItsOrder(string size)
    {
        ModelConfig config = ModelConfig.Preset(size, 150);
        using Generator generator = new(1);
        using SegmentationModel model = new(config, generator);
        Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary(entry => entry.Key, entry => entry.Value);
        (string, string)[] expected = [.. ModelLayout.Enumerate(config).Select(spec => (spec.Name, string.Join('×', spec.Shape)))];
        (string, string)[] actual = [.. model.StateTensors().Where(entry => entry.Key != ModelLayout.BasesName).Select(entry => (entry.Key, string.Join('×', entry.Value.Shape)))];
        Assert.Equal(expected, actual);
        Assert.Equal(
            ModelLayout.Enumerate(config).Where(spec => spec.Kind == TensorKind.Parameter).Select(spec => spec.Name).Order(StringComparer.Ordinal),
            parameters.Keys.Order(StringComparer.Ordinal));
        Assert.All(parameters.Values, tensor => Assert.True(tensor.RequiresGrad));
    }

    [Fact]
    public void Classifier_StateTensors_AreThoseOfTheLayout()
    {
        ModelConfig config = ModelConfig.Classifier("t", 20);
        using Generator generator = new(1);
        using MscanClassifier model = new(config, generator);
        Assert.Equal(ModelLayout.Enumerate(config).Select(spec => spec.Name), model.StateTensors().Select(entry => entry.Key));
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        model.Eval();
        Assert.Equal([2, 20], model.Forward(Tensor.Zeros([2, 3, 64, 64])).Shape);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(97, 131)]
    [InlineData(32, 8)]
    public void Forward_AnySize_GivesAnEighthRoundedUp(int height, int width)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = new(GoldenModels.Tiny(), generator);
        model.Eval();
        Tensor logits = model.Forward(Tensor.Uniform([1, 3, height, width], -1, 1, generator));
        Assert.Equal([1, 7, (height + 7) / 8, (width + 7) / 8], logits.Shape);
        Assert.All(logits.Contiguous().ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Forward_Evaluation_IsTheSameEveryTimeAndForEachImageOfABatch()
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = new(GoldenModels.Tiny(), generator);
        model.Eval();
        Tensor one = Tensor.Uniform([1, 3, 64, 96], -1, 1, generator);
        Tensor first = model.Forward(one);
        Tensor second = model.Forward(one);
        Assert.Equal(first.Contiguous().ToArray<float>(), second.Contiguous().ToArray<float>());
        Tensor batch = model.Forward(Tensor.Cat([one, one], 0));
        Close.Absolute(first, batch.Narrow(0, 1, 1), 1e-5, "second image of the batch");
    }

    [Fact]
    public void Forward_Training_RepeatsWithTheGeneratorsSeedAndDiffersWithoutIt()
    {
        ModelConfig config = GoldenModels.Tiny() with
        {
            Encoder = GoldenModels.Tiny().Encoder with { DropPathRate = 0.5 },
            Decoder = GoldenModels.Tiny().Decoder! with { Dropout = 0.5 },
        };
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = new(config, generator);
        model.Train();
        Tensor x = Tensor.Uniform([4, 3, 64, 64], -1, 1, generator);
        float[] Run(ulong? seed)
        {
            if (seed is { } value)
            {
                generator.ManualSeed(value);
            }

            return model.Forward(x).Detach().Contiguous().ToArray<float>();
        }

        float[] first = Run(7);
        float[] other = Run(null);
        Assert.NotEqual(first, other);
        Assert.Equal(first, Run(7));
    }

    [Fact]
    public void Initialisation_OneSeed_GivesTheReleasedCodesDistributions()
    {
        using Generator generator = new(3);
        using SegmentationModel model = new(ModelConfig.Preset("s", 150), generator);
        Dictionary<string, Tensor> state = model.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);

        // std √(2 / fan_out), fan_out = k·k·C_out / groups
        CheckStd(state["backbone.block3.0.attn.proj_1.weight"], Math.Sqrt(2.0 / 320));
        CheckStd(state["backbone.block3.0.mlp.dwconv.dwconv.weight"], Math.Sqrt(2.0 / 9));
        CheckStd(state["backbone.patch_embed3.proj.weight"], Math.Sqrt(2.0 / (9 * 320)));
        CheckStd(state["decode_head.squeeze.conv.weight"], Math.Sqrt(2.0 / 256));
        CheckStd(state["decode_head.conv_seg.weight"], 0.01);
        Assert.All(state["backbone.block1.0.layer_scale_1"].ToArray<float>(), value => Assert.Equal(0.01f, value));
        Assert.All(state["backbone.block1.0.mlp.fc1.bias"].ToArray<float>(), value => Assert.Equal(0, value));
        Assert.All(state["decode_head.align.gn.weight"].ToArray<float>(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Gradients_OneStep_ReachEveryParameterAndAreFinite()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using SegmentationModel model = new(ModelConfig.Preset("t", 5), generator);
        model.Train();
        model.Forward(Tensor.Uniform([2, 3, 64, 64], -1, 1, generator)).Pow(2).Sum().Backward();
        Assert.All(model.NamedParameters(), entry =>
        {
            Assert.NotNull(entry.Value.Grad);
            Assert.True(entry.Value.Grad!.Abs().Sum().Item() is double sum && double.IsFinite(sum), entry.Key);
        });
    }

    [Fact]
    public void DefaultBases_AnySizes_AreUnitColumnsOfNonNegativeNumbers()
    {
        float[] bases = NmfBases.Default(32, 5);
        for (int r = 0; r < 5; r++)
        {
            double squares = 0;
            for (int d = 0; d < 32; d++)
            {
                Assert.True(bases[(d * 5) + r] >= 0);
                squares += Math.Pow(bases[(d * 5) + r], 2);
            }

            Assert.Equal(1.0, squares, 1e-6);
        }

        Assert.Equal(bases, NmfBases.Default(32, 5));
    }

    private static void CheckStd(Tensor weight, double expected)
    {
        using TensorScope scope = new();
        double mean = weight.Detach().Mean().Item();
        double std = Math.Sqrt(weight.Detach().Pow(2).Mean().Item() - (mean * mean));
        Assert.Equal(expected, std, expected * 0.1);
        Assert.Equal(0, mean, expected * 0.1);
    }
}
