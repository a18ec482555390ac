using System.Text;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Publish.Tests;

/// <summary>The samples as one file each, with nothing of .NET around them.</summary>
[Collection(PublishTest.Name)]
public sealed class SampleTests(BuildFolder build) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void SegmentImage_OneTrimmedFileInAnEmptyEnvironment_GivesTheEnginesIds()
    {
        (RgbImage image, LabelMap expected) = PublishTest.Street();
        PngWriter.WriteRgb(_folder.File("street.png"), image);
        string program = build.Publish("samples/SegmentImage", "segment-image");
        Assert.InRange(new FileInfo(program).Length, 1, 18_000_000);

        ProgramRun run = ProgramRun.Alone(program, [PublishTest.Model, "street.png", "mask.png"], _folder.Path);

        Assert.True(run.Code == 0, run.Said);
        Assert.Equal(expected.Ids, ImageFile.ReadLabel(_folder.File("mask.png")).Ids);
        Assert.Contains("Building", run.Text, StringComparison.Ordinal);
        ProgramRun wrong = ProgramRun.Alone(program, [PublishTest.Model, "nowhere.png", "mask.png"], _folder.Path);
        Assert.Equal((2, "nowhere.png: there is no such file.\n"), (wrong.Code, wrong.Error));
    }

    [SkippableFact]
    public void SegmentPixels_CompiledAheadOfTime_GivesTheEnginesIdsForEachPicture()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && HasLinker(), "skipped: no C compiler, which links what is compiled ahead of time");
        (RgbImage image, LabelMap expected) = PublishTest.Street();
        byte[] header = Encoding.ASCII.GetBytes($"P6\n# a street\n{image.Width} {image.Height}\n255\n");
        byte[] two = [.. header, .. image.Pixels, .. header, .. image.Pixels];
        string program = build.Publish("samples/SegmentPixels", "segment-pixels", "-p:PublishAot=true", "-p:IlcInstructionSet=native");

        ProgramRun run = ProgramRun.Alone(program, [PublishTest.Model], _folder.Path, two);

        Assert.True(run.Code == 0, run.Said);
        byte[] one = [.. Encoding.ASCII.GetBytes($"P5 {image.Width} {image.Height} 255\n"), .. expected.Ids];
        Assert.Equal([.. one, .. one], run.Output);
        ProgramRun cut = ProgramRun.Alone(program, [PublishTest.Model], _folder.Path, two[..^1]);
        Assert.Equal(2, cut.Code);
        Assert.Equal(one, cut.Output);
    }

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(static folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
}
