using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

/// <summary>Which engine a command runs, that both give the same masks, and that the managed one needs nothing else.</summary>
public sealed class EngineTests : IDisposable
{
    /// <summary>Pixels of which one may go to another class: rounding decides where two classes score the same.</summary>
    private const int PixelsPerDifference = 10_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData]
    [InlineData("--mode", "slide", "--crop", "96x128", "--stride", "64x96")]
    [InlineData("--scales", "0.5,1.0,1.25", "--flip")]
    [InlineData("--resize", "256x192", "--multiple", "32")]
    public void Predict_WithEitherEngine_GivesTheSameMasks(params string[] options)
    {
        SmallModel.RequireTorch();
        int different = 0, pixels = 0;
        Street("a.png", 251, 187);
        Street("b.png", 131, 97);
        Assert.Equal(ExitCode.Done, Predict("managed", options).Code);
        CommandRun torch = Predict("torch", options);
        Assert.Equal(ExitCode.Done, torch.Code);
        Assert.Contains("torch engine: libtorch", torch.Error, StringComparison.Ordinal);
        foreach (string name in (string[])["a.png", "b.png"])
        {
            byte[] ours = ImageFile.ReadLabel(_folder.File("managed", name)).Ids;
            byte[] theirs = ImageFile.ReadLabel(_folder.File("torch", name)).Ids;
            different += ours.Zip(theirs).Count(pair => pair.First != pair.Second);
            pixels += ours.Length;
            Assert.True(ours.Distinct().Count() > 3, "A mask of one class would compare nothing.");
        }

        Assert.True(different * PixelsPerDifference <= pixels, $"{different} of {pixels} pixels differ");
    }

    [Theory]
    [InlineData("--engine", "managed", "--device", "cuda:1")]
    [InlineData("--engine", "managed", "--precision", "bf16")]
    public void ManagedEngine_WithWhatTheOtherHas_IsRefusedAndLeavesNothing(params string[] options)
    {
        Street("a.png", 64, 48);
        CommandRun.Of(["predict", "--out", _folder.File("out"), .. options, _folder.File("a.png")]).ShouldBeRefused($"{options[^1]} needs --engine torch");
        CommandRun.Of(["eval", "--weights", "w.safetensors", "--data", "d", .. options]).ShouldBeRefused($"{options[^1]} needs --engine torch");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [SkippableFact]
    public void ManagedEngine_FarTooManyThreads_IsRefused()
    {
        Street("a.png", 64, 48);
        int threads = Math.Min(1024, (16 * Environment.ProcessorCount) + 1);
        Skip.If(threads == 1024, "no machine is too small for the most that can be asked for");
        CommandRun.Of("predict", "--quiet", "--out", _folder.File("out"), "--threads", $"{threads}", _folder.File("a.png")).ShouldBeRefused($"{threads} threads");
    }

    [Fact]
    public void ManagedEngine_DecoderThatItDoesNotHave_PointsToTheOtherEngine()
    {
        ModelConfig config = ModelConfig.Preset("t", 3);
        InputException thrown = Assert.Throws<InputException>(() => ManagedEngine.Require(config with { Decoder = config.Decoder! with { Type = "mlp" } }, "w.safetensors"));
        Assert.Contains("decoder 'mlp'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--engine torch", thrown.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Predict_VariantThatTheManagedEngineDoesNotHave_RunsOnTheOtherAndSaysSo()
    {
        SmallModel.RequireTorch();
        Street("a.png", 64, 48);
        ModelConfig small = new()
        {
            Encoder = new MscanConfig { EmbedDims = [8, 16, 16, 32], Depths = [1, 1, 1, 1], Attention = "lka" },
            Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 8 },
            NumClasses = 5,
        };
        foreach ((ModelConfig config, string variant) in new[] { (small, "large-kernel attention in place of MSCA"), (small.WithDecoder("psp") with { Encoder = MscanConfig.Tiny }, "the decoder 'psp'") })
        {
            string weights = _folder.File("w.safetensors");
            using (RandomWeights random = new(config))
            {
                SafetensorsWriter.Write(weights, random.Tensors.Select(tensor => NamedTensor.FromSource(random, tensor.Name)), random.Metadata);
            }

            CommandRun plain = CommandRun.Of("predict", "--weights", weights, "--out", _folder.File("out"), _folder.File("a.png"));
            Assert.Equal(ExitCode.Done, plain.Code);
            Assert.Contains($"the managed engine does not have {variant}; the torch engine runs it.", plain.Error, StringComparison.Ordinal);
            Assert.Contains("torch engine: libtorch", plain.Error, StringComparison.Ordinal);
            Assert.True(File.Exists(_folder.File("out", "a.png")));
            CommandRun.Of("predict", "--quiet", "--engine", "managed", "--weights", weights, "--out", _folder.File("out2"), _folder.File("a.png"))
                .ShouldBeRefused($"holds a model with {variant}, which the managed engine does not have; use --engine torch.");
            CommandRun.Of("export", "--quiet", "--weights", weights, "-o", _folder.File("m.onnx")).ShouldBeRefused($"a model with {variant}; the export to ONNX has SegNeXt");
        }
    }

    [SkippableFact]
    public void ManagedEngine_PictureThatDoesNotFitIntoMemory_IsRefusedAndASmallerOneIsNot()
    {
        using ManagedSegmenter engine = ManagedSegmenter.Open(SevenClasses(), 1);
        using FittingSegmenter fitting = new(engine, engine.WorkingMemoryFor(64, 48));
        Assert.Equal((64, 48), (fitting.Segment(new RgbImage(64, 48)).Width, fitting.Segment(new RgbImage(64, 48)).Height));
        foreach (Action tooLarge in (Action[])[() => fitting.Segment(new RgbImage(128, 96)), () => fitting.Forward(new RgbImage(128, 96))])
        {
            Assert.Contains("128×96 pixels at once need about", Assert.Throws<InputException>(tooLarge).Message, StringComparison.Ordinal);
        }

        Assert.Equal((6, 8), (fitting.Forward(new RgbImage(64, 48)).Height, fitting.Forward(new RgbImage(64, 48)).Width));
    }

    [SkippableFact]
    public void PredictAndEval_WithoutTheNativeLibrary_Work()
    {
        Street("a.png", 64, 48);
        SmallDataSet.Write(_folder.File("data"), val: 2);
        string weights = SevenClasses();

        (int code, string said) = RunWithoutNative("predict", "--weights", weights, "--out", _folder.File("out"), "--overlay", _folder.File("a.png"));
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("managed engine: ", said, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("out", "a.png")));

        // A report names what the network ran on, without asking libtorch for its version.
        File.WriteAllText(_folder.File("data", "classes.txt"), string.Join('\n', Enumerable.Range(0, 7)));
        (code, said) = RunWithoutNative(
            "eval", "--weights", weights, "--data", _folder.File("data"), "--confusion", _folder.File("c.png"), "--report", _folder.File("report.html"));
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("managed, ", File.ReadAllText(_folder.File("report.html")), StringComparison.Ordinal);

        (code, said) = RunWithoutNative("predict", "--engine", "torch", "--weights", weights, "--out", _folder.File("out"), _folder.File("a.png"));
        Assert.Equal(ExitCode.Unusable, code);
        Assert.Contains("the torch engine need libtorch: the native library was not found", said, StringComparison.Ordinal);
    }

    private static string SevenClasses() => TestPaths.RequireGolden("nano.safetensors");

    private CommandRun Predict(string engine, string[] options) => CommandRun.Of(
        ["predict", "--engine", engine, "--out", _folder.File(engine), .. options, _folder.File("a.png"), _folder.File("b.png")]);

    private void Street(string name, int width, int height) =>
        PngWriter.WriteRgb(_folder.File(name), StreetScenes.Render(width, width, height).Image);

    /// <summary>The real program on a machine that has no native library: the first call into libtorch would be its last.</summary>
    private static (int Code, string Said) RunWithoutNative(params string[] line)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SEGNEXT_NATIVE"] = "/nonexistent";
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        Array.ForEach(line, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}
