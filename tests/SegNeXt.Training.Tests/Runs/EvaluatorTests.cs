using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Models.Tests;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class EvaluatorTests
{
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

    internal static TorchSegmenter Tiny()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        using Generator generator = new(1);
        return new TorchSegmenter(new SegmentationModel(GoldenModels.Tiny(), generator), Device.Cpu);
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
