using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Tests that other tests' memory would disturb.</summary>
[CollectionDefinition(ResidentMemory.Alone, DisableParallelization = true)]
public sealed class AloneTests;

[Collection(ResidentMemory.Alone)]
public class EvaluatorMemoryTests
{
    [SkippableTheory]
    [InlineData(false, 250, 550, 12_000)]
    [InlineData(true, 60, 160, 6_000)]
    public void Run_ManyImagesOfManySizes_HoldsMemory(bool averaged, int warmUp, int images, int kilobytes)
    {
        // libtorch keeps what it planned for up to a thousand shapes: measured to 2,500 images, all of it is there by then.
        TestOptions options = averaged
            ? new() { Mode = TestMode.Slide, CropHeight = 64, CropWidth = 64, StrideHeight = 48, StrideWidth = 48, Flip = true, Threads = 1 }
            : new() { Threads = 1 };
        using TorchSegmenter segmenter = EvaluatorTests.Tiny();
        (long resident, long live) = (0, 0);
        Evaluator.Run(new TestTimeSegmenter(segmenter, options), new NoiseData(images, []), (i, _, _) =>
        {
            if (i == warmUp)
            {
                (resident, live) = (ResidentMemory.Kilobytes(), TorchRuntime.LiveTensors);
            }
        }, default);
        long after = ResidentMemory.Kilobytes();
        Assert.InRange(TorchRuntime.LiveTensors, 0, live);
        Assert.True(after - resident < kilobytes, $"resident memory went from {resident} kB after {warmUp} images to {after} kB after {images}");
    }
}
