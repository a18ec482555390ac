using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>The command from end to end, with the smallest of the golden models.</summary>
public sealed class PredictCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights = TestPaths.RequireGolden("nano.safetensors");

    public PredictCommandTests()
    {
        byte[] pixels = [.. Enumerable.Range(0, 50 * 34 * 3).Select(i => (byte)(i * 37))];
        PngWriter.WriteRgb(_folder.File("a.png"), new RgbImage(50, 34, pixels));
    }

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Predict_PictureTwice_GivesTheSameMask()
    {
        CommandRun run = Predict("--overlay", _folder.File("a.png"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Output));
        Assert.Contains("loaded 208 of 208 tensors", run.Error, StringComparison.Ordinal);
        Assert.Contains("managed engine: ", run.Error, StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(Path.Combine(Out, "a.png"));
        LabelMap ids = ImageFile.ReadLabel(Path.Combine(Out, "a.png"));
        Assert.Equal((50, 34), (ids.Width, ids.Height));
        Assert.All(ids.Ids, id => Assert.InRange(id, 0, 6));
        Predict(_folder.File("a.png"));
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(Out, "a.png")));
    }

    [SkippableTheory]
    [InlineData("--mode", "slide", "--crop", "32x32", "--stride", "16x16")]
    [InlineData("--mode", "slide", "--crop", "32x32")]
    [InlineData("--scales", "0.5,1.0,1.5", "--flip")]
    public void Predict_OtherStrategies_WriteAMaskToo(params string[] options)
    {
        Assert.Equal(ExitCode.Done, Predict([.. options, _folder.File("a.png")]).Code);
        Assert.Equal(50, ImageFile.ReadLabel(Path.Combine(Out, "a.png")).Width);
    }

    [SkippableFact]
    public void Predict_DamagedPictureInAFolder_AnswersOneAndDoesTheRest()
    {
        string damaged = _folder.File(new string('b', 150) + ".jpg");
        File.WriteAllText(damaged, "no picture");
        CommandRun run = Predict(_folder.Path, _folder.File("missing.png"));
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal([Path.Combine(Out, "a.png")], Directory.GetFiles(Out));

        // One line each, however long, for whoever reads a log.
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Single(lines, line => line.Contains(damaged, StringComparison.Ordinal) && line.TrimEnd().EndsWith('.'));
        Assert.Single(lines, line => line.Contains("missing.png: there is no such file or folder", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Predict_PipeAmongThePictures_IsNamedAndTheRestIsDone()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes have no place in the file system there");
        using (Process make = Process.Start("mkfifo", [_folder.File("b.png")]))
        {
            make.WaitForExit();
        }

        CommandRun run = Predict("--quiet", _folder.Path);
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal($"segnext: {_folder.File("b.png")}: the file is empty, or it is a pipe or a device.\n", run.Error);
        Assert.True(File.Exists(Path.Combine(Out, "a.png")));
    }

    [Theory]
    [InlineData("--resize is '0x5'", "--resize", "0x5")]
    [InlineData("--multiple is '0'", "--multiple", "0")]
    [InlineData("--crop belongs to --mode slide", "--crop", "32x32")]
    [InlineData("The stride must be", "--mode", "slide", "--crop", "32x32", "--stride", "64x64")]
    [InlineData("--scales is 'a'", "--scales", "a")]
    [InlineData("--save-logits goes with a single scale", "--save-logits", "--flip")]
    [InlineData("--format is 'coco'", "--format", "coco")]
    [InlineData("--engine is 'gpu'", "--engine", "gpu")]
    public void Predict_OptionsThatContradict_AreRefusedAndLeaveNothing(string expected, params string[] options)
    {
        Predict([.. options, _folder.File("a.png")]).ShouldBeRefused(expected);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Predict_NoPicture_IsRefused() => Predict(_folder.File("nothing.png")).ShouldBeRefused("nothing.png");

    [SkippableFact]
    public void Predict_FormatOfOtherClasses_IsRefusedAndLeavesNothing()
    {
        Predict("--quiet", "--format", "voc", _folder.File("a.png")).ShouldBeRefused("this model has 7");
        Assert.False(Directory.Exists(Out));
    }

    [SkippableFact]
    public void Predict_Classifier_IsRefused()
    {
        CommandRun.Of("predict", "--weights", TestPaths.RequireGolden("nano_imagenet_backbone.pth"), "--out", Out, _folder.File("a.png"))
            .ShouldBeRefused("image classifier");
    }

    private CommandRun Predict(params string[] more) => CommandRun.Of(["predict", "--weights", _weights, "--out", Out, .. more]);
}
