using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ExistingFile_IsReplacedOnlyAtTheEnd()
    {
        string path = _folder.File("a.txt");
        File.WriteAllText(path, "old");

        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            Assert.Equal("old", File.ReadAllText(path));
        });

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_WriterThrows_LeavesNothingBehind()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.File("a.txt"), stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_SystemFails_LeavesTheOldFileAndDoesNotNameTheTemporaryOne()
    {
        string path = _folder.File("a.txt");
        File.WriteAllText(path, "old");

        InputException error = Assert.Throws<InputException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new IOException("Input/output error : '/some/temporary/name'");
        }));

        Assert.Equal($"{path}: Input/output error.", error.Message);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Write_LongestNameThatIsAllowed_IsWritten()
    {
        string path = _folder.File(new string('a', 255));

        AtomicFile.WriteText(path, "new");

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_NoSuchFolder_SaysSo()
    {
        string path = _folder.File("missing", "a.txt");

        Assert.Equal($"{path}: its folder does not exist.", Assert.Throws<InputException>(() => AtomicFile.Write(path, _ => { })).Message);
    }

    [Fact]
    public void Write_OntoFolder_SaysSo()
    {
        Assert.Equal($"{_folder.Path}: this is a folder, not a file to write.", Assert.Throws<InputException>(() => AtomicFile.Write(_folder.Path, _ => { })).Message);
    }

    [SkippableFact]
    public void Write_OntoDevice_IsRefused()
    {
        Skip.If(OperatingSystem.IsWindows());

        Assert.Equal("/dev/null: this is a device, not a file to write.", Assert.Throws<InputException>(() => AtomicFile.Write("/dev/null", _ => { })).Message);
    }

    [SkippableFact]
    public void Write_ThroughLink_ReplacesWhatItPointsTo()
    {
        Skip.If(OperatingSystem.IsWindows());
        string target = _folder.File("target");
        string link = _folder.File("link");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, target);

        AtomicFile.Write(link, stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(link).LinkTarget);
    }

    [SkippableFact]
    public void Write_ReadOnlyFolder_SaysSo()
    {
        Skip.If(Environment.IsPrivilegedProcess, "the system's administrator may write everywhere");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            string path = _folder.File("a.txt");
            Assert.Equal($"{path}: access is denied.", Assert.Throws<InputException>(() => AtomicFile.Write(path, _ => { })).Message);
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
