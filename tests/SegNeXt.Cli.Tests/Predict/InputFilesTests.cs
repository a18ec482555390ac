using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class InputFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InputFilesTests()
    {
        foreach (string name in new[] { "b.jpg", "a.PNG", "c.jpeg", "notes.txt", "straße 街.png" })
        {
            File.WriteAllText(_folder.File(name), "");
        }

        Directory.CreateDirectory(_folder.File("deeper"));
        File.WriteAllText(_folder.File("deeper", "d.jpg"), "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_GivesItsPicturesSortedOneLevelDeep() =>
        Assert.Equal(["a.PNG", "b.jpg", "c.jpeg", "straße 街.png"], Names(InputFiles.Expand([_folder.Path])));

    [Theory]
    [InlineData("*.jpg", "b.jpg")]
    [InlineData("?.*", "a.PNG,b.jpg,c.jpeg")]
    public void Pattern_GivesThePicturesThatMatch(string pattern, string expected) =>
        Assert.Equal(expected.Split(','), Names(InputFiles.Expand([_folder.File(pattern)])));

    [Fact]
    public void File_KeepsAnySuffixAndTheOrderGiven() =>
        Assert.Equal(["notes.txt", "b.jpg"], Names(InputFiles.Expand([_folder.File("notes.txt"), _folder.File("b.jpg")])));

    [Fact]
    public void SameFileTwice_IsTakenOnce() =>
        Assert.Equal(["b.jpg", "a.PNG", "c.jpeg", "straße 街.png"], Names(InputFiles.Expand([_folder.File("b.jpg"), _folder.Path])));

    [Fact]
    public void MissingPathAmongOthers_IsNamedAndTheRestIsKept()
    {
        InputFiles files = InputFiles.Expand([_folder.File("missing.jpg"), _folder.File("b.jpg"), _folder.File("*.gif")]);
        Assert.Equal(["b.jpg"], Names(files));
        Assert.Equal(2, files.Problems.Count);
        Assert.Contains("missing.jpg: there is no such file or folder", files.Problems[0], StringComparison.Ordinal);
        Assert.Contains("*.gif: no picture matches", files.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void NothingAtAll_IsRefused()
    {
        string empty = _folder.File("empty");
        Directory.CreateDirectory(empty);
        InputException error = Assert.Throws<InputException>(() => InputFiles.Expand([empty]));
        Assert.Contains("empty: the folder holds no .jpg, .jpeg or .png file", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(InputFiles files) => files.Files.Select(file => Path.GetFileName(file));
}
