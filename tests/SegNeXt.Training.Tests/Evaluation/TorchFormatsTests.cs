using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Models.Tests;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>The torch engine in every number format and on every device that there is.</summary>
public sealed class TorchFormatsTests
{
    private static readonly RgbImage s_street = StreetScenes.Render(3, 64, 48).Image;

    public static TheoryData<string, string, bool> Ways => new()
    {
        { "cpu", "fp32", false },
        { "cpu", "bf16", false },
        { "cuda", "fp32", false },
        { "cuda", "bf16", false },
        { "cuda", "fp16", false },
        { "cuda", "fp32", true },
        { "cuda", "fp16", true },
    };

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public void Segmenter_InAnyFormat_GivesNearlyTheScoresOfFp32OnTheCpu(string device, string format, bool recorded)
    {
        Device where = Require(device);
        Skip.If(recorded && !CudaGraph.IsAvailable, "the native library was built without CUDA's headers");
        using TorchSegmenter exact = Open(Device.Cpu, Precision.Fp32, false), found = Open(where, Precisions.Parse(format), recorded);
        LogitMap expected = exact.Forward(s_street), actual = found.Forward(s_street);
        Assert.InRange(Cosine(expected.Values, actual.Values), format == "fp32" ? 1 - 1e-6 : 0.999, 1 + 1e-9);
        Assert.Equal(actual.Values, found.Forward(s_street).Values);

        // Another size takes the place of what was recorded.
        RgbImage small = StreetScenes.Render(4, 40, 36).Image;
        Assert.InRange(Cosine(exact.Forward(small).Values, found.Forward(small).Values), 0.999, 1 + 1e-9);
        LabelMap ids = found.Segment(s_street);
        double equal = ids.Ids.Zip(exact.Segment(s_street).Ids, (a, b) => a == b ? 1.0 : 0).Average();
        Assert.True(equal > 0.97, $"{equal} of the pixels agree");
    }

    [Fact]
    public void Segmenter_Bf16_KeepsWeightsOfProductsIn16BitsAndNoOthers()
    {
        using Generator generator = new(1);
        SegmentationModel model = new(GoldenModels.Tiny(), generator);
        using TorchSegmenter segmenter = TorchSegmenter.Own(model, Device.Cpu, Precision.Bf16);
        Assert.All(model.NamedModules().Select(entry => entry.Value).OfType<Conv2d>(), convolution => Assert.Equal(ScalarType.BFloat16, convolution.Weight.Type));
        Assert.All(model.NamedModules().Select(entry => entry.Value).OfType<BatchNorm2d>(), norm => Assert.Equal((ScalarType.Float32, ScalarType.Float32), (norm.Weight.Type, norm.RunningVar.Type)));
        Assert.False(Autocast.IsOn(DeviceType.Cpu));
    }

    /// <summary>What is done on a GPU, done on the CPU, is what is done on the CPU.</summary>
    [Theory]
    [InlineData(1L << 26)]
    [InlineData(3 * 48 * 64)]
    [InlineData(1)]
    public void DeviceArgMax_AnyPartOfTheClasses_IsTheEnlargedMapsArgMax(long most)
    {
        using Generator generator = new(2);
        using TensorScope scope = new();
        Tensor logits = Tensor.Normal([1, 11, 6, 8], 0, 1, generator);
        LabelMap expected = LogitResize.ArgMax(new LogitMap(11, 6, 8, logits.ToArray<float>()), 48, 64), found = DeviceArgMax.Of(logits, 48, 64, most);
        int different = expected.Ids.Zip(found.Ids).Count(pair => pair.First != pair.Second);
        Assert.True(different <= 1, $"{different} pixels differ");
        Assert.True(found.Ids.Distinct().Count() > 5);
    }

    [Fact]
    public void DeviceArgMax_Equals_AreTheFirst()
    {
        using TensorScope scope = new();
        Assert.All(DeviceArgMax.Of(Tensor.Zeros([1, 7, 2, 2]), 5, 5, 50).Ids, id => Assert.Equal(0, id));
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void Benchmark_OnADevice_TimesThePassByItself(string device)
    {
        using TorchSegmenter segmenter = Open(Require(device), Precision.Bf16, false);
        NetworkTimes times = NetworkBenchmark.OnDevice(segmenter, s_street, null, 2, default);
        Assert.True(times.Network.MedianMs > 0 && times.DevicePeakBytes > 0);
        Assert.Null(times.EndToEnd);
    }

    private static TorchSegmenter Open(Device device, Precision precision, bool recorded)
    {
        using Generator generator = new(1);
        SegmentationModel model = new(GoldenModels.Tiny(), generator);
        model.To(device);
        model.To(MemoryFormat.ChannelsLast);
        model.Eval();
        return TorchSegmenter.Own(model, device, precision, recorded);
    }

    private static Device Require(string name)
    {
        Device device = Device.Parse(name);
        Skip.If(device.IsCuda && !TorchRuntime.CudaAvailable, "there is no GPU here");
        return device;
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
