using System.Diagnostics;
using System.Text.RegularExpressions;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>Pictures that are segmented by strips, with the smallest of the golden models.</summary>
public sealed partial class PredictStripsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights = TestPaths.RequireGolden("nano.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ids")]
    [InlineData("--overlay")]
    public void Predict_Tile_WritesTheFilesOfSlideMode(string option)
    {
        string[] more = option == "ids" ? [] : [option];
        RgbImage image = new(230, 170);
        new Random(1).NextBytes(image.Pixels);
        PngWriter.WriteRgb(_folder.File("a.png"), image);
        Assert.Equal(ExitCode.Done, Predict("slide", [.. more, "--mode", "slide", "--crop", "96x64", "--stride", "72x40", _folder.File("a.png")]).Code);
        CommandRun run = Predict("tile", [.. more, "--tile", "--crop", "96x64", "--stride", "72x40", _folder.File("a.png")]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(Names("slide"), Names("tile"));
        Assert.Equal(1 + more.Length, Names("tile").Length);
        foreach (string name in Names("tile"))
        {
            Assert.Equal(ImageFile.ReadRgb(_folder.File("slide", name)).Pixels, ImageFile.ReadRgb(_folder.File("tile", name)).Pixels);
        }
    }

    [Fact]
    public void Predict_DamagedPicture_LeavesNothing()
    {
        byte[] png = PngWriter.EncodeRgb(Noise(300, 300));
        File.WriteAllBytes(_folder.File("a.png"), png[..(png.Length * 2 / 3)]);
        CommandRun run = Predict("out", "--tile", "--overlay", "--crop", "64x64", _folder.File("a.png"));
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("a.png is incomplete: the PNG file breaks off before its end.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
    }

    [Fact]
    public void Predict_Interrupted_LeavesNothing()
    {
        PngWriter.WriteRgb(_folder.File("a.png"), Noise(300, 300));
        using CancellationTokenSource source = new();
        using ISegmenter network = new InterruptingSegmenter(3, after: 5, source);
        TestOptions test = new() { Mode = TestMode.Slide, CropWidth = 64, CropHeight = 64, StrideWidth = 48, StrideHeight = 48 };
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, false, false, source.Token);
        Directory.CreateDirectory(_folder.File("out"));
        ClassSet classes = ClassSet.Default(3);
        PredictRunner runner = new(
            new TestTimeSegmenter(network, test), classes, IdFormat.Get("ids"), terminal,
            new StripChoice(network, test, forced: true), new StripPrediction(new StripSegmenter(network, test), classes, IdFormat.Get("ids"), terminal));
        Assert.ThrowsAny<OperationCanceledException>(() => runner.Run(OutputPlan.Create([_folder.File("a.png")], _folder.File("out"), PredictFiles.Overlay)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
    }

    [Theory]
    [InlineData("--flip")]
    [InlineData("--scales", "0.5,1")]
    [InlineData("--probabilities")]
    [InlineData("--mode", "whole")]
    [InlineData("--resize", "64x64")]
    public void Predict_TileWithWhatNeedsTheWholePicture_IsRefused(params string[] options)
    {
        PngWriter.WriteRgb(_folder.File("a.png"), Noise(30, 30));
        Predict("out", ["--tile", .. options, _folder.File("a.png")]).ShouldBeRefused("--tile");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void Choice_PictureTooLargeForMemory_GoesByStripsAndSaysSo()
    {
        PngWriter.WriteRgb(_folder.File("a.png"), Noise(400, 300));
        using StripeSegmenter network = new StripeSegmenter(3);
        TestOptions small = new() { CropWidth = 64, CropHeight = 64, StrideWidth = 48, StrideHeight = 48 };
        OutputPlan plan = OutputPlan.Create([_folder.File("a.png")], _folder.File("out"), PredictFiles.None)[0];
        Assert.Null(new StripChoice(network, small, forced: false, 1L << 30).For(plan));
        Assert.Equal("", new StripChoice(network, small, forced: true, 1L << 30).For(plan));
        long between = ActivationMemory.Estimate(network.Config, 300, 400) / 2;
        Assert.Matches(AtOnce(), new StripChoice(network, small, forced: false, between).For(plan));
        Assert.Throws<InputException>(() => new StripChoice(network, small, forced: false, 100_000).For(plan));
        Assert.Throws<InputException>(() => new StripChoice(network, small, forced: false, between).For(plan with { Probabilities = "p.npy" }));

        // Slide mode has enough of half the memory that its windows need not share.
        Assert.Null(new StripChoice(network, small with { Mode = TestMode.Slide }, forced: false, between).For(plan));
    }

    // Held, the picture would take 216 MB, its ids 72 MB and its scores 2 GB.
    [SkippableFact]
    public void Predict_LargePicture_HoldsLittleOfIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: the peak of a process's memory is read from /proc");
        const int Width = 9_000, Height = 8_000;
        string picture = _folder.File("large.png");
        byte[] row = new byte[Width * 3];
        AtomicFile.Write(picture, stream =>
        {
            using PngRowWriter writer = PngRowWriter.ForRgb(stream, Width, Height);
            for (int y = 0; y < Height; y++)
            {
                row.AsSpan().Fill((byte)(y / 50));
                writer.Write(row);
            }
        });

        ProcessStartInfo start = new(
            "dotnet",
            [typeof(CommandLine).Assembly.Location, "predict", "--weights", _weights, "--out", _folder.File("out"), "--tile", "--crop", "512x512", "--stride", "512x512", picture])
        {
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            peak = Math.Max(peak, Peak(process.Id));
        }

        Assert.True(process.ExitCode == 0, error.Result);
        Assert.Equal((Width, Height), ImageFile.ReadSize(_folder.File("out", "large.png")));
        Assert.InRange(peak, 10_000, 180_000);
    }

    /// <summary>The most resident memory so far, in kB; 0 where the process has just ended.</summary>
    private static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM: kB".Length));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"a\.png: 400×300 pixels at once need about 0\.0 GB of memory, and there are 0\.0: segmented in windows of 64×64, 48×48 apart \(--mode slide\), read and written by strips$")]
    private static partial Regex AtOnce();

    private static RgbImage Noise(int width, int height)
    {
        RgbImage image = new(width, height);
        new Random(1).NextBytes(image.Pixels);
        return image;
    }

    private string[] Names(string folder) => [.. Directory.GetFiles(_folder.File(folder)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private CommandRun Predict(string folder, params string[] more) => CommandRun.Of(["predict", "--weights", _weights, "--out", _folder.File(folder), .. more]);

    /// <summary>Cancels after some runs.</summary>
    private sealed class InterruptingSegmenter(int classes, int after, CancellationTokenSource source) : ISegmenter
    {
        private readonly StripeSegmenter _inner = new(classes);
        private int _runs;

        public ModelConfig Config => _inner.Config;

        public LogitMap Forward(RgbImage image)
        {
            if (++_runs == after)
            {
                source.Cancel();
            }

            return _inner.Forward(image);
        }

        public LabelMap Segment(RgbImage image) => throw new InvalidOperationException("only windows are expected");

        public void Dispose() => _inner.Dispose();
    }
}
