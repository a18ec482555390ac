using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>Tests that others would disturb, or that change the process for others.</summary>
[CollectionDefinition(ResidentMemory.Alone, DisableParallelization = true)]
public sealed class AloneTests;

[Collection(ResidentMemory.Alone)]
public sealed class PredictMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Run_ManyPicturesOfManySizes_HoldsMemory()
    {
        const int Sizes = 20;
        Directory.CreateDirectory(_folder.File("out"));
        for (int i = 0; i < Sizes; i++)
        {
            PngWriter.WriteRgb(_folder.File($"{i}.png"), new RgbImage(40 + (7 * i), 90 - (3 * i)));
        }

        using StringWriter error = new();
        using StripeSegmenter network = new(19);
        PredictRunner runner = new(
            new TestTimeSegmenter(network, new TestOptions { Threads = 1 }), ClassSet.Default(19), IdFormat.Get("ids"), new Terminal(TextWriter.Null, error, false, false, default));
        OutputPlan[] plans = [.. Enumerable.Range(0, 100).Select(i => new OutputPlan(_folder.File($"{i % Sizes}.png"), _folder.File("out", "ids.png"), _folder.File("out", "overlay.png"), _folder.File("out", "p.npy"), _folder.File("out", "l.npy")))];
        Assert.Equal(0, runner.Run(plans));
        long before = ResidentMemory.Kilobytes();
        Assert.Equal(0, runner.Run([.. plans, .. plans]));
        long growth = ResidentMemory.Kilobytes() - before;

        // One picture's scores take 1.5 MB.
        Assert.True(growth < 15_000, $"200 pictures more took {growth} kB");
    }
}
