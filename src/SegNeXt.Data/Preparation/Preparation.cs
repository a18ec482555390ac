using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What came of a preparation.</summary>
/// <param name="Written">Number of inputs that were converted.</param>
/// <param name="Kept">Number of inputs whose files were there already.</param>
/// <param name="Faults">What was wrong with the others, a sentence each, in the order of the inputs.</param>
/// <param name="Lists">The lists of splits that were written.</param>
public sealed record PreparationResult(int Written, int Kept, IReadOnlyList<string> Faults, IReadOnlyList<string> Lists);

/// <summary>
/// A conversion of a data set's files into those that training reads: many inputs, in parallel, each output wholly there or not
/// at all. What an earlier run has made is kept, so that an interrupted one goes on.
/// </summary>
public sealed class Preparation
{
    private readonly PrepareItem[] _items;
    private readonly string[] _folders;
    private readonly Func<IReadOnlySet<string>, IEnumerable<OutputFile>> _lists;

    /// <summary>Plans a conversion; nothing is written yet.</summary>
    /// <param name="items">The inputs.</param>
    /// <param name="folders">The folders that the outputs go to.</param>
    /// <param name="lists">Makes lists of splits from the names of the inputs whose outputs are there; a list that exists may be left out.</param>
    internal Preparation(
        IEnumerable<PrepareItem> items, IEnumerable<string> folders, Func<IReadOnlySet<string>, IEnumerable<OutputFile>>? lists = null)
    {
        _items = [.. items];
        _folders = [.. folders.Distinct(StringComparer.Ordinal)];
        _lists = lists ?? (_ => []);
    }

    /// <summary>Number of inputs.</summary>
    public int Count => _items.Length;

    /// <summary>Converts.</summary>
    /// <param name="force">Whether outputs that are there already are made again.</param>
    /// <param name="threads">How many inputs are converted at a time; 0 for as many as there are processors.</param>
    /// <param name="onItem">Called after each input, one call at a time; may be null.</param>
    /// <param name="cancellationToken">Ends the conversion between two inputs; what is done stays.</param>
    /// <exception cref="InputException">An output cannot be written: the rest would fail likewise.</exception>
    public PreparationResult Run(bool force = false, int threads = 0, Action? onItem = null, CancellationToken cancellationToken = default)
    {
        foreach (string folder in _folders)
        {
            OutputFolder.Create(folder);
        }

        string?[] faults = new string?[Count];
        object gate = new();
        int kept = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, Count, options, i =>
            {
                bool wasThere = Convert(_items[i], force, out faults[i]);
                lock (gate)
                {
                    kept += wasThere ? 1 : 0;
                    onItem?.Invoke();
                }
            });
        }
        catch (AggregateException error) when (error.InnerExceptions.All(inner => inner is InputException))
        {
            throw new InputException(error.InnerExceptions[0].Message, error);
        }

        string[] found = [.. faults.OfType<string>()];
        HashSet<string> done = [.. _items.Where((_, i) => faults[i] is null).Select(item => item.Name)];
        List<string> lists = [];
        foreach (OutputFile list in done.Count > 0 ? _lists(done) : [])
        {
            OutputFolder.Create(Path.GetDirectoryName(list.Path)!);
            AtomicFile.Write(list.Path, stream => stream.Write(list.Data));
            lists.Add(list.Path);
        }

        return new PreparationResult(Count - kept - found.Length, kept, found, lists);
    }

    /// <summary>Converts one input; a fault of the input is told, one of the output thrown.</summary>
    /// <returns>Whether the outputs were there already.</returns>
    private static bool Convert(PrepareItem item, bool force, out string? fault)
    {
        fault = null;
        bool writing = false;
        try
        {
            if (!force && item.Expected().All(PngEnd.IsWhole))
            {
                return true;
            }

            foreach (OutputFile file in item.Make())
            {
                writing = true;
                AtomicFile.Write(file.Path, stream => stream.Write(file.Data));
                writing = false;
            }
        }
        catch (InputException error) when (!writing)
        {
            fault = error.Message;
        }

        return false;
    }
}
