using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// The checkpoints of a run: <c>last/</c>, and the one before it in <c>last.previous/</c>. A new one is written to
/// <c>last.new/</c>, flushed to the disk with its checksums, then renamed, so that at every moment, whenever the process
/// is killed, one complete checkpoint stands.
/// </summary>
public sealed class CheckpointStore
{
    private readonly string _run;
    private readonly string _last;
    private readonly string _next;
    private readonly string _previous;

    // What is in last/ is not to take the place of the good one in last.previous/.
    private bool _lastIsDamaged;

    /// <summary>Opens the store of a run.</summary>
    /// <param name="runFolder">The run's folder.</param>
    public CheckpointStore(string runFolder)
    {
        _run = runFolder;
        _last = Path.Combine(runFolder, "last");
        _next = Path.Combine(runFolder, "last.new");
        _previous = Path.Combine(runFolder, "last.previous");
    }

    /// <summary>Whether there is a checkpoint to go on from, be it a damaged one.</summary>
    public bool Exists => Directory.Exists(_last) || Directory.Exists(_previous);

    /// <summary>Writes a checkpoint; the one before moves to <c>last.previous/</c>.</summary>
    /// <param name="content">What it holds.</param>
    /// <param name="state">Where the run stands.</param>
    /// <exception cref="InputException">
    /// The disk is full, the folder cannot be written, or the weights are no numbers any more; the checkpoint before stays.
    /// </exception>
    internal void Save(CheckpointContent content, TrainingState state)
    {
        FiniteWeights.Require(content.Model, state.Iteration);
        try
        {
            DeleteIfThere(_next);
            Directory.CreateDirectory(_next);
            StoredCheckpoint.Write(_next, content, state);
            MakeRoom();
            Directory.Move(_next, _last);
            FolderSync.Flush(_run);
        }
        catch (Exception e) when (e is InputException || FileErrors.IsFileError(e))
        {
            string fault = (e is InputException ? e : FileErrors.Wrap(_next, e)).Message.TrimEnd('.');
            string stays = Exists ? "the checkpoint before it stays" : "there is none before it";
            DeleteRemains(_next);
            throw new InputException($"The checkpoint of iteration {state.Iteration} could not be written ({fault}); {stays}.", e);
        }
    }

    /// <summary>Finds the newest checkpoint that is whole.</summary>
    /// <param name="warn">Is told when the newest is damaged and the one before is taken.</param>
    /// <exception cref="InputException">There is none.</exception>
    internal StoredCheckpoint Open(Action<string> warn)
    {
        List<string> faults = [];
        foreach (string folder in new[] { _last, _previous }.Where(Directory.Exists))
        {
            try
            {
                StoredCheckpoint found = StoredCheckpoint.Open(folder);
                if (faults.Count > 0)
                {
                    _lastIsDamaged = true;
                    warn($"The newest checkpoint is damaged ({faults[0]}); going on from the one before, {folder}.");
                }

                return found;
            }
            catch (InputException e)
            {
                faults.Add(e.Message.TrimEnd('.'));
            }
        }

        throw new InputException(faults.Count == 0
            ? $"{_last}: there is no checkpoint to resume from."
            : $"{_run}: no checkpoint can be resumed from ({string.Join("; ", faults)}); begin another run with another --out.");
    }

    /// <summary>Takes last/ out of the way of the new one.</summary>
    private void MakeRoom()
    {
        if (!Directory.Exists(_last))
        {
            // Killed between the renames: last.previous/ is the newest, and stays until the next time.
            return;
        }

        if (_lastIsDamaged)
        {
            Directory.Delete(_last, recursive: true);
            _lastIsDamaged = false;
            return;
        }

        DeleteIfThere(_previous);
        Directory.Move(_last, _previous);
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void DeleteRemains(string folder)
    {
        try
        {
            DeleteIfThere(folder);
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            // The first error is the one to report, and the next checkpoint removes what is left.
        }
    }
}
