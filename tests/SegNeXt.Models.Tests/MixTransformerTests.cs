using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>The Mix Transformer beside a forward pass written apart from it, from the paper's equations, on PyTorch 1.13.</summary>
public sealed class MixTransformerTests
{
    // Σ|y| of each stage, and eight of its values, one at each eighth and three further on.
    private static readonly (double Sum, double[] Values)[] s_reference =
    [
        (11476.785335, [0.346421, -0.946991, -0.733273, 1.254776, -0.191419, 0.913062, 1.132623, -0.025415]),
        (5786.421833, [-1.695707, 0.580976, 1.055626, 1.620677, -0.274981, -1.454715, -0.375367, -1.673099]),
        (4406.328781, [-1.070222, -1.363529, -0.33937, -0.284322, -0.663431, -0.343351, -0.254919, -2.593611]),
        (2460.434334, [-1.515633, -1.957531, -1.221215, -1.410596, 0.55549, 0.784207, 1.144085, -0.429359]),
    ];

    [Fact]
    public void Forward_RandomWeights_GivesTheReferencesValues()
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using RandomWeights weights = new(Config(MixTransformerConfig.B0));
        (SegmentationModel model, LoadReport report) = ModelLoader.OpenSegmentationModel(weights, generator);
        using SegmentationModel owned = model;
        Assert.Equal(report.Total, report.Loaded);

        IReadOnlyList<Tensor> stages = model.Backbone.Forward(Picture(72, 104));
        Assert.Equal(["1,32,18,26", "1,64,9,13", "1,160,5,7", "1,256,3,4"], stages.Select(stage => string.Join(',', stage.Shape)));
        foreach ((Tensor stage, (double sum, double[] values)) in stages.Zip(s_reference))
        {
            float[] y = stage.Contiguous().ToArray<float>();
            Assert.Equal(sum, y.Sum(v => (double)Math.Abs(v)), sum * 1e-5);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(values[i], y[(i * (y.Length / values.Length)) + 3], 2e-4);
            }
        }
    }

    [Fact]
    public void StateTensors_EverySize_AreThoseOfTheLayoutInItsOrder()
    {
        foreach (MixTransformerConfig size in new[] { MixTransformerConfig.B0, MixTransformerConfig.B1, MixTransformerConfig.B2, MixTransformerConfig.B3 })
        {
            ModelConfig config = Config(size);
            using Generator generator = new(1);
            using SegmentationModel model = new(config, generator);
            Assert.Equal(
                ModelLayout.Enumerate(config).Select(spec => (spec.Name, string.Join('×', spec.Shape))),
                model.StateTensors().Where(entry => entry.Key != ModelLayout.BasesName).Select(entry => (entry.Key, string.Join('×', entry.Value.Shape))));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 5)]
    [InlineData(61, 97)]
    public void Forward_AnySize_KeepsStridesOf4To32(int height, int width)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using MixTransformer encoder = new(s_small, generator);
        encoder.Eval();
        IReadOnlyList<Tensor> stages = encoder.Forward(Tensor.Uniform([2, 3, height, width], -1, 1, generator));
        for (int i = 0; i < stages.Count; i++)
        {
            int side = 4 << i;
            Assert.Equal([2, s_small.EmbedDims[i], (height + side - 1) / side, (width + side - 1) / side], stages[i].Shape);
            Assert.True(stages[i].AllFinite());
        }
    }

    [Fact]
    public void Gradients_EveryCheckpointing_AreTheSameAndReachEveryParameter()
    {
        float[][] gradients = [.. Enum.GetValues<ActivationCheckpointing>().Select(Gradients)];
        Assert.All(gradients, gradient => Assert.Equal(gradients[0], gradient));

        static float[] Gradients(ActivationCheckpointing checkpointing)
        {
            using TensorScope scope = new();
            using Generator generator = new(4);
            using MixTransformer encoder = new(s_small with { DropPathRate = 0.3 }, generator) { ActivationCheckpointing = checkpointing };
            generator.ManualSeed(9);
            Tensor x = Tensor.Uniform([2, 3, 40, 48], -1, 1, generator);
            IReadOnlyList<Tensor> stages = encoder.Forward(x);
            stages.Select(stage => stage.Pow(2).Mean()).Aggregate((a, b) => a + b).Backward();
            return
            [
                .. encoder.NamedParameters().SelectMany(entry =>
                {
                    Tensor gradient = Assert.IsType<Tensor>(entry.Value.Grad);
                    Assert.True(gradient.AllFinite(), entry.Key);
                    return gradient.Contiguous().ToArray<float>();
                }),
            ];
        }
    }

    [Fact]
    public void Initialisation_OneSeed_GivesTheReleasedCodesDistributions()
    {
        using TensorScope scope = new();
        using Generator generator = new(3);
        using MixTransformer encoder = new(MixTransformerConfig.B1, generator);
        Dictionary<string, Tensor> state = encoder.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);
        CheckStd("block3.0.attn.kv.weight", 0.02);
        CheckStd("block4.1.mlp.fc1.weight", 0.02);
        CheckStd("block2.0.attn.sr.weight", Math.Sqrt(2.0 / (16 * 128)));
        CheckStd("patch_embed1.proj.weight", Math.Sqrt(2.0 / (49 * 64)));
        Assert.All(state["block1.0.attn.q.bias"].ToArray<float>(), value => Assert.Equal(0, value));

        void CheckStd(string name, double expected) =>
            Assert.Equal(expected, Math.Sqrt(state[name].Detach().Pow(2).Mean().Item()), expected * 0.1);
    }

    [Fact]
    public void StageProbe_OneStage_ReplacesWhatGoesOn()
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        using Generator generator = new(1);
        using MixTransformer encoder = new(s_small, generator);
        encoder.Eval();
        Tensor x = Tensor.Uniform([1, 3, 32, 32], -1, 1, generator);
        IReadOnlyList<Tensor> plain = encoder.Forward(x);
        encoder.StageProbe = (stage, output) => stage == 2 ? Tensor.ZerosLike(output) : output;
        IReadOnlyList<Tensor> probed = encoder.Forward(x);
        Assert.Equal(plain[1].Contiguous().ToArray<float>(), probed[1].Contiguous().ToArray<float>());
        Assert.All(probed[2].Contiguous().ToArray<float>(), value => Assert.Equal(0, value));
        Assert.NotEqual(plain[3].Contiguous().ToArray<float>(), probed[3].Contiguous().ToArray<float>());
    }

    private static readonly MixTransformerConfig s_small = new() { EmbedDims = [8, 16, 20, 32], Depths = [1, 1, 2, 1], MlpRatios = [2, 2, 2, 2] };

    private static ModelConfig Config(MixTransformerConfig encoder) => new()
    {
        Encoder = encoder,
        Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 8 },
        NumClasses = 7,
    };

    /// <summary>Numbers between −1 and 1 that jump about.</summary>
    internal static Tensor Picture(int height, int width) => Tensor.FromArray<float>(
        [.. Enumerable.Range(0, 3 * height * width).Select(i => (float)((i * 7919L % 1009 / 504.5) - 1))], [1, 3, height, width]);
}
