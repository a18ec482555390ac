using SegNeXt.TestUtilities;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class BrowseCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BrowseCommandTests() => SmallDataSet.Write(_folder.File("data"), train: 3, val: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Browse_SameSeed_WritesTheSamePictures()
    {
        Assert.Equal((ExitCode.Done, _folder.File("a", "index.html")), Browse("a", "--seed", "5"));
        Assert.Equal(ExitCode.Done, Browse("b", "--seed", "5").Code);
        Assert.Equal(ExitCode.Done, Browse("c", "--seed", "6").Code);
        Assert.Equal(["index.html", "sample-001.png", "sample-002.png"], Directory.GetFiles(_folder.File("a")).Select(Path.GetFileName).Order());
        Assert.Equal(File.ReadAllBytes(_folder.File("a", "sample-002.png")), File.ReadAllBytes(_folder.File("b", "sample-002.png")));
        Assert.NotEqual(File.ReadAllBytes(_folder.File("a", "sample-002.png")), File.ReadAllBytes(_folder.File("c", "sample-002.png")));
    }

    [Fact]
    public void Browse_WrongUse_IsRefused()
    {
        CommandRun.Of("browse", "--data", _folder.File("data")).ShouldBeRefused("-o");
        CommandRun.Of("browse", "-o", _folder.File("x")).ShouldBeRefused("Give either --data DIR or --config C.");
        CommandRun.Of("browse", "--data", _folder.File("none"), "-o", _folder.File("x")).ShouldBeRefused("there is no such folder");
        CommandRun.Of("browse", "--data", _folder.File("data"), "-o", _folder.File("data", "classes.txt")).ShouldBeRefused("is a file");
        CommandRun.Of("browse", "--data", _folder.File("data"), "-o", _folder.File("x"), "--set", "train.krop=1x1").ShouldBeRefused("train.crop");
    }

    private (int Code, string Output) Browse(string to, params string[] more)
    {
        CommandRun run = CommandRun.Of(["browse", "--data", _folder.File("data"), "--set", "train.crop=48x48", "--count", "2", "--draws", "2", "-o", _folder.File(to), .. more]);
        return (run.Code, run.Output.TrimEnd());
    }
}
