using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

// libtorch's threads and its treatment of sub-normal numbers are the process's: a test that sets them would change the
// last bits of another's losses.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

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
        TestTimeSegmenter tester = new(segmenter, options);
        Evaluator.Run(tester, new NoiseData(warmUp, []), null, default);
        (long resident, long live) = (ResidentMemory.Kilobytes(), TorchRuntime.LiveTensors);

        // The runtime takes memory of its own at times, for code that it compiles again; a leak grows in every window.
        List<long> readings = [resident];
        for (int window = 0; window < 3; window++)
        {
            Evaluator.Run(tester, new NoiseData(images - warmUp, []), null, default);
            Assert.InRange(TorchRuntime.LiveTensors, 0, live);
            readings.Add(ResidentMemory.Kilobytes());
            if (readings[^1] - readings[^2] < kilobytes)
            {
                return;
            }
        }

        Assert.Fail($"resident memory, every {images - warmUp} images: {string.Join(", ", readings)} kB");
    }
}
