using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Networks under autocast, on the CPU in bfloat16: what must be in single precision is, and all of it stays near.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    private readonly TensorScope _scope = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ScalarType.BFloat16, KernelChoice.Libtorch)]
    [InlineData(ScalarType.BFloat16, KernelChoice.Fused)]
    [InlineData(ScalarType.Float16, KernelChoice.Libtorch)]
    public void Factorisation_OfA16BitMap_IsTheOneInSinglePrecision(ScalarType type, KernelChoice kernels)
    {
        using Generator generator = new(1);
        using NonNegativeMatrixFactorisation ham = new(32, 16, 6, 7, generator) { Kernels = kernels, TrainingBases = Tensor.FromArray<float>(NmfBases.Default(32, 16), [1, 32, 16]) };
        Tensor narrow = Tensor.Uniform([2, 32, 9, 11], 0, 3, generator).To(type).To(MemoryFormat.ChannelsLast);
        Tensor expected = ham.Forward(narrow.To(ScalarType.Float32));
        using AutocastScope autocast = Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16);
        Tensor found = ham.Forward(narrow);
        Assert.Equal(type, found.Type);
        Assert.Equal(expected.To(type).To(ScalarType.Float32).ToArray<float>(), found.To(ScalarType.Float32).ToArray<float>());
        Assert.True(Autocast.IsOn(DeviceType.Cpu));
    }

    /// <summary>
    /// The same rounds with every intermediate number rounded to half precision, as a network wholly in it computes them: the
    /// sums over positions leave its range. The module's own result for the same map is finite.
    /// </summary>
    [Fact]
    public void Factorisation_OfALargeMapInHalfPrecision_IsFiniteWhereHalfArithmeticIsNot()
    {
        using Generator generator = new(2);
        using NonNegativeMatrixFactorisation ham = new(32, 16, 6, 7, generator) { TrainingBases = Tensor.FromArray<float>(NmfBases.Default(32, 16), [1, 32, 16]) };
        Tensor map = Tensor.Uniform([1, 32, 64, 64], 0, 60, generator).To(ScalarType.Float16);
        Assert.False(InHalf(map.To(ScalarType.Float32).Reshape(1, 32, 64 * 64), ham.TrainingBases!).AllFinite());
        Assert.True(ham.Forward(map).AllFinite());

        static Tensor InHalf(Tensor x, Tensor bases)
        {
            Tensor xt = x.Transpose(1, 2), c = Half(Half(xt.Bmm(bases)).Softmax(-1));
            for (int i = 0; i < 6; i++)
            {
                c = Half(Half(c * Half(xt.Bmm(bases))) / Half(Half(c.Bmm(Half(bases.Transpose(1, 2).Bmm(bases)))) + 1e-6));
                bases = Half(Half(bases * Half(x.Bmm(c))) / Half(Half(bases.Bmm(Half(c.Transpose(1, 2).Bmm(c)))) + 1e-6));
            }

            return Half(bases.Bmm(c.Transpose(1, 2)));
        }

        static Tensor Half(Tensor x) => x.To(ScalarType.Float16).To(ScalarType.Float32);
    }

    [Theory]
    [InlineData(KernelChoice.Libtorch, ActivationCheckpointing.None)]
    [InlineData(KernelChoice.Libtorch, ActivationCheckpointing.Blocks)]
    [InlineData(KernelChoice.Fused, ActivationCheckpointing.None)]
    [InlineData(KernelChoice.Fused, ActivationCheckpointing.Stages)]
    public void Model_InBf16_HasNearlyTheLogitsAndGradientsOfFp32(KernelChoice kernels, ActivationCheckpointing checkpointing)
    {
        (float[] Logits, float[] Gradient) exact = Pass(null), rounded = Pass(ScalarType.BFloat16);
        Assert.InRange(Cosine(exact.Logits, rounded.Logits), 0.999, 1);
        Assert.InRange(Cosine(exact.Gradient, rounded.Gradient), 0.99, 1);
        Assert.NotEqual(exact.Logits, rounded.Logits);

        (float[] Logits, float[] Gradient) Pass(ScalarType? type)
        {
            using Generator generator = new(3);
            using SegmentationModel model = Model(GoldenModels.Tiny(), generator);
            model.Kernels = kernels;
            model.ActivationCheckpointing = checkpointing;
            model.Train();
            Tensor x = Tensor.Normal([2, 3, 64, 96], 0, 1, generator).To(MemoryFormat.ChannelsLast);
            Tensor weights = Tensor.Normal([2, 7, 8, 12], 0, 1, generator);
            generator.ManualSeed(4);
            Tensor logits;
            using (type is { } narrow ? Autocast.Enter(DeviceType.Cpu, narrow) : Autocast.Leave(DeviceType.Cpu))
            {
                logits = model.Forward(x);
            }

            (logits.To(ScalarType.Float32) * weights).Sum().Backward();
            Assert.All(model.NamedParameters(), entry => Assert.True(entry.Value.Grad is null || entry.Value.Grad.Type == ScalarType.Float32, entry.Key));
            return (logits.To(ScalarType.Float32).ToArray<float>(),
                [.. model.NamedParameters().Where(entry => entry.Value.Grad is not null).SelectMany(entry => entry.Value.Grad!.ToArray<float>())]);
        }
    }

    /// <summary>Whatever is built computes under autocast: no operation meets types that it does not take together.</summary>
    [Theory]
    [InlineData(DecoderTypes.Msca)]
    [InlineData(DecoderTypes.CrissCross)]
    [InlineData(DecoderTypes.NonLocal)]
    [InlineData(DecoderTypes.Ema)]
    [InlineData(DecoderTypes.Mlp)]
    [InlineData(DecoderTypes.Aspp)]
    [InlineData(DecoderTypes.Psp)]
    [InlineData(DecoderTypes.DualAttention)]
    public void Decoder_InBf16_LearnsFromFiniteGradients(string type) =>
        Learns(GoldenModels.Tiny() with { Decoder = GoldenModels.Tiny().Decoder! with { Type = type } });

    [Fact]
    public void SegFormer_InBf16_LearnsFromFiniteGradients() => Learns(ModelConfig.Preset("segformer-b0", 5));

    [Fact]
    public void FusedKernels_UnderAutocast_StepAside()
    {
        using Generator generator = new(5);
        using Block block = new(16, 2, 0, generator) { Kernels = KernelChoice.Fused };
        Tensor x = Tensor.Normal([2, 16, 8, 8], 0, 1, generator).To(MemoryFormat.ChannelsLast);
        using AutocastScope autocast = Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16);
        float[] asked = block.Forward(x).To(ScalarType.Float32).ToArray<float>();
        block.Kernels = KernelChoice.Libtorch;
        Assert.Equal(block.Forward(x).To(ScalarType.Float32).ToArray<float>(), asked);
    }

    private static void Learns(ModelConfig config)
    {
        using Generator generator = new(6);
        using SegmentationModel model = Model(config, generator);
        model.Train();
        Tensor x = Tensor.Normal([2, 3, 64, 64], 0, 1, generator).To(MemoryFormat.ChannelsLast);
        Tensor logits;
        using (Autocast.Enter(DeviceType.Cpu, ScalarType.BFloat16))
        {
            logits = model.Forward(x);
        }

        Assert.Equal(ScalarType.BFloat16, logits.Type);
        logits.To(ScalarType.Float32).Mean().Backward();
        Assert.All(model.NamedParameters(), entry => Assert.True(entry.Value.Grad?.AllFinite() ?? true, entry.Key));
        Assert.Contains(model.NamedParameters(), entry => entry.Value.Grad is { } gradient && gradient.Abs().Sum().Item() > 0);
    }

    private static SegmentationModel Model(ModelConfig config, Generator generator)
    {
        SegmentationModel model = new(config, generator);
        model.To(MemoryFormat.ChannelsLast);
        return model;
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
