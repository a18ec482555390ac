using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Models.Tests;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class EvaluatorTests
{
    private const int WarmUp = 250, Images = 650;

    [SkippableFact]
    public void Run_ImagesThatCannotBeUsed_AreToldAndTheOthersCounted()
    {
        using TorchSegmenter segmenter = Tiny();
        List<(int Index, string Fault)> faults = [];
        EvaluationResult result = Evaluator.Run(
            new TestTimeSegmenter(segmenter, new TestOptions()), new NoiseData(6, bad: [0, 3, 5]), null, default, (i, fault) => faults.Add((i, fault.Message)));
        Assert.Equal([(0, "0.png is bad."), (3, "3.png is bad."), (5, "5.png is bad.")], faults);
        Assert.Equal(3, result.Images);
        Assert.True(result.Confusion.Pixels > 0);
    }

    [SkippableFact]
    public void Run_NobodyToTell_EndsAtTheFirstFault()
    {
        using TorchSegmenter segmenter = Tiny();
        InputException error = Assert.Throws<InputException>(() =>
            Evaluator.Run(new TestTimeSegmenter(segmenter, new TestOptions()), new NoiseData(4, bad: [2]), null, default));
        Assert.Equal("2.png is bad.", error.Message);
    }

    [SkippableFact]
    public void Run_PictureTheNetworkRefuses_IsNamed()
    {
        using TorchSegmenter segmenter = Tiny();
        string? told = null;
        TestTimeSegmenter refusing = new(new Refusing(segmenter), new TestOptions());
        Assert.Equal(0, Evaluator.Run(refusing, new NoiseData(1, []), null, default, (_, fault) => told = fault.Message).Images);
        Assert.Equal("0.png: too large.", told);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_ManyImagesOfManySizes_HoldsMemory(bool averaged)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: resident memory is read from /proc");
        TestOptions options = averaged
            ? new() { Mode = TestMode.Slide, CropHeight = 48, CropWidth = 48, StrideHeight = 32, StrideWidth = 32, Scales = [0.5, 1.0], Flip = true, Threads = 1 }
            : new() { Threads = 1 };
        using TorchSegmenter segmenter = Tiny();
        (long resident, long live) = (0, 0);
        Evaluator.Run(new TestTimeSegmenter(segmenter, options), new NoiseData(Images, []), (i, _, _) =>
        {
            if (i == WarmUp)
            {
                (resident, live) = (ResidentKilobytes(), TorchRuntime.LiveTensors);
            }
        }, default);
        long after = ResidentKilobytes();
        Assert.InRange(TorchRuntime.LiveTensors, 0, live);
        Assert.True(after - resident < 12_000, $"resident memory went from {resident} kB after {WarmUp} images to {after} kB after {Images}");
    }

    private static TorchSegmenter Tiny()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        using Generator generator = new(1);
        return new TorchSegmenter(new SegmentationModel(GoldenModels.Tiny(), generator), Device.Cpu);
    }

    private static long ResidentKilobytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal)).Replace('\t', ' ');
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>Noise of ever other sizes, made when asked for.</summary>
    private sealed class NoiseData(int count, int[] bad) : ISegmentationDataSet
    {
        public ClassSet Classes { get; } = ClassSet.Default(7);

        public int Count => count;

        public string Name(int index) => $"{index}";

        public (string Image, string Label) Paths(int index) => ($"{index}.png", $"{index}.png");

        public Sample Load(int index)
        {
            if (bad.Contains(index))
            {
                throw new InputException($"{index}.png is bad.");
            }

            Random random = new(index);
            (int width, int height) = (random.Next(32, 96), random.Next(32, 96));
            RgbImage image = new(width, height);
            LabelMap label = new(width, height);
            random.NextBytes(image.Pixels);
            for (int i = 0; i < label.Ids.Length; i++)
            {
                label.Ids[i] = (byte)random.Next(7);
            }

            return new Sample(image, label);
        }
    }

    private sealed class Refusing(ISegmenter inner) : ISegmenter
    {
        public ModelConfig Config => inner.Config;

        public LogitMap Forward(RgbImage image) => throw new InputException("too large.");

        public LabelMap Segment(RgbImage image) => throw new InputException("too large.");

        public void Dispose()
        {
        }
    }
}
