using System.Diagnostics;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Require_FileFolderOrNothing_IsLeftToTheOpener()
    {
        File.WriteAllText(_folder.File("a"), "x");
        File.CreateSymbolicLink(_folder.File("link"), "a");
        foreach (string path in (string[])[_folder.File("a"), _folder.File("link"), _folder.Path, _folder.File("missing"), "a\0b", ""])
        {
            RegularFile.Require(path);
        }
    }

    [Fact]
    public void Require_EmptyFile_IsRefused()
    {
        File.WriteAllText(_folder.File("a"), "");
        Assert.Contains("the file is empty", Refused(_folder.File("a")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Require_Pipe_IsRefusedWithoutWaiting()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes have no place in the file system there");
        using (Process make = Process.Start("mkfifo", [_folder.File("pipe")]))
        {
            make.WaitForExit();
        }

        File.CreateSymbolicLink(_folder.File("link"), "pipe");
        Assert.Contains("it is a pipe or a device", Refused(_folder.File("pipe")), StringComparison.Ordinal);
        Refused(_folder.File("link"));
        Refused("/dev/zero");
        Assert.Throws<InputException>(() => TensorFiles.Open(_folder.File("pipe")));
        Assert.Throws<InputException>(() => ClassSet.FromFile(_folder.File("pipe")));
    }

    private static string Refused(string path) => Assert.Throws<InputException>(() => RegularFile.Require(path)).Message;
}
