using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class RunHoldTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunFolder Run => new(_folder.File("runs", "one"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_FolderThatIsHeld_IsRefusedUntilLetGo()
    {
        using (RunHold.Of(Run))
        {
            InputException error = Assert.Throws<InputException>(() => RunHold.Of(Run));
            Assert.StartsWith($"{Run.Path}: another process is training in this folder", error.Message, StringComparison.Ordinal);
            using RunHold other = RunHold.Of(new RunFolder(_folder.File("runs", "two")));
        }

        RunHold.Of(Run).Dispose();
    }

    [Fact]
    public void Dispose_NewFolderOfWhichNothingCame_TakesItAway()
    {
        RunHold.Of(Run).Dispose();
        Assert.False(Directory.Exists(Run.Path));
        Directory.CreateDirectory(Run.Path);
        RunHold.Of(Run).Dispose();
        Assert.True(Directory.Exists(Run.Path));
    }

    [Fact]
    public void Dispose_FolderWithARun_LeavesItWhole()
    {
        using (RunHold.Of(Run))
        {
            File.WriteAllText(Run.Config, "");
        }

        Assert.True(File.Exists(Run.Config));
    }

    [Fact]
    public void Of_FolderThatIsAFile_IsRefused()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.Throws<InputException>(() => RunHold.Of(new RunFolder(_folder.File("file"))));
    }
}
