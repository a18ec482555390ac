using SegNeXt.Core;
using SegNeXt.Torch;
using static SegNeXt.Models.Tests.PlainLayers;

namespace SegNeXt.Models.Tests;

/// <summary>MSCA with parts taken away (Table 6), and what stands in its place (Table 8).</summary>
public sealed class AttentionVariantTests : VariantTest
{
    private const int Dim = 5;

    [Theory]
    [InlineData(new[] { 7, 11, 21 }, true, true)]
    [InlineData(new[] { 7 }, true, true)]
    [InlineData(new[] { 11 }, true, true)]
    [InlineData(new[] { 21 }, true, true)]
    [InlineData(new[] { 7, 21 }, true, true)]
    [InlineData(new[] { 7, 11, 21 }, false, true)]
    [InlineData(new[] { 7, 11, 21 }, true, false)]
    [InlineData(new[] { 11 }, false, false)]
    public void Msca_PartsTakenAway_IsTheRestOfTheEquation(int[] branches, bool mixes, bool gates)
    {
        using TensorScope scope = new();
        MscanConfig config = MscanConfig.Tiny with { Branches = branches, ChannelMixing = mixes, Gating = gates };
        using MultiScaleAttention module = new(Dim, config);
        Randomise(module);
        foreach ((int height, int width) in new[] { (1, 1), (3, 8), (24, 23) })
        {
            Tensor x = Random(1, Dim, height, width);
            AssertEqual(
                map =>
                {
                    Plain local = Convolve(map, module, "conv0", 5, 5, depthWise: true), sum = local;
                    foreach (int side in branches)
                    {
                        string name = side switch { 7 => "conv0", 11 => "conv1", _ => "conv2" };
                        Plain strip = Convolve(Convolve(local, module, name + "_1", 1, side, depthWise: true), module, name + "_2", side, 1, depthWise: true);
                        sum = Zip(sum, strip, (a, b) => a + b);
                    }

                    Plain attention = mixes ? Convolve(sum, module, "conv3") : sum;
                    return gates ? Zip(attention, map, (a, b) => a * b) : attention;
                },
                x,
                module.Forward(x),
                $"MSCA at {height}x{width}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lka_AnySize_IsThreeConvolutionsAndAProduct(int height, int width)
    {
        using TensorScope scope = new();
        using LargeKernelAttention module = new(Dim);
        Randomise(module);
        Tensor x = Random(2, Dim, height, width);
        AssertEqual(
            map => Zip(
                map,
                Convolve(Convolve(Convolve(map, module, "conv0", 5, 5, depthWise: true), module, "conv_spatial", 7, 7, 3, depthWise: true), module, "conv1"),
                (a, b) => a * b),
            x,
            module.Forward(x),
            "LKA");
    }

    // The kernels of a training: what the fused ones do not know goes by libtorch's, and a step is the same.
    [Theory]
    [MemberData(nameof(VariantModelTests.Variants), MemberType = typeof(VariantModelTests))]
    public void Kernels_Fused_TrainsEveryVariantAsLibtorchDoes(string variant)
    {
        ModelConfig config = VariantModelTests.Named[variant];
        using TensorScope scope = new();
        Tensor x = Tensor.Normal([2, 3, 64, 96], 0, 1, Generator).To(MemoryFormat.ChannelsLast);
        (double Loss, Dictionary<string, Tensor> Gradients)[] runs = [.. new[] { KernelChoice.Libtorch, KernelChoice.Fused }.Select(kernels =>
        {
            using Generator seeded = new(7);
            using SegmentationModel model = new(config, seeded) { Kernels = kernels };
            Tensor logits = model.Forward(x);
            Tensor loss = (logits * logits).Mean();
            loss.Backward();
            return (loss.Item(), model.NamedParameters().ToDictionary(entry => entry.Key, entry => entry.Value.Grad!.Clone()));
        })];
        Assert.Equal(runs[0].Loss, runs[1].Loss, 1e-4 * Math.Abs(runs[0].Loss));
        double most = runs[0].Gradients.Values.Max(gradient => gradient.Abs().Max().Item());
        Assert.All(runs[0].Gradients, entry => Close.Absolute(entry.Value, runs[1].Gradients[entry.Key], 1e-3 * most, entry.Key));
    }
}
