using System.Runtime.InteropServices;

namespace SegNeXt.Training;

/// <summary>
/// Makes a folder's entries survive a power failure: the names of new and renamed files are written when the folder
/// itself is flushed, which .NET has no call for. Elsewhere than on Unix the file system sees to it.
/// </summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder to the disk; where that cannot be done, the next flush by the system has to do.</summary>
    /// <param name="path">The folder.</param>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(path, ReadOnly);
        if (handle >= 0)
        {
            // Some network file systems refuse it for folders.
            _ = Synchronize(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
