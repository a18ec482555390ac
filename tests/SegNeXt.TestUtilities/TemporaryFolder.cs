namespace SegNeXt.TestUtilities;

/// <summary>A folder of a test's own, deleted with all it holds at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates an empty folder.</summary>
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("segnext-test-").FullName;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    /// <param name="parts">Path below the folder.</param>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A file still mapped by the code under test; the system's clean-up of temporary files takes it.
        }
    }
}
