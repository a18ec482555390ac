using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Keeps other processes from training in a run's folder, where two runs would write over each other's checkpoints. It ends with the
/// process that has it, however that ends: the system gives up the lock on <c>.lock</c>.
/// </summary>
public sealed class RunHold : IDisposable
{
    private readonly string _folder;
    private readonly bool _isNew;
    private readonly FileStream _file;

    private RunHold(string folder, bool isNew, FileStream file) => (_folder, _isNew, _file) = (folder, isNew, file);

    /// <summary>Makes the folder, unless it is there, and holds it.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="InputException">Another process trains in it, or it cannot be made.</exception>
    public static RunHold Of(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        bool isNew = !Directory.Exists(run.Path);
        OutputFolder.Create(run.Path);
        string name = Path.Combine(run.Path, ".lock");
        try
        {
            // The file stays with the run: deleted, it could be held twice, by one who opened it before and one who made it anew.
            return new RunHold(run.Path, isNew, new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException error) when (File.Exists(name))
        {
            throw new InputException($"{run.Path}: another process is training in this folder; wait for it or stop it, or choose another --out.", error);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(name, error);
        }
    }

    /// <summary>Lets go of the folder, which goes too if it was new and nothing came of the run.</summary>
    public void Dispose()
    {
        try
        {
            // While it is still held: whoever waits for the lock must not get it on a file that is taken away.
            if (_isNew && Directory.GetFileSystemEntries(_folder).Length == 1)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // An empty folder more does no harm.
        }

        _file.Dispose();
    }
}
