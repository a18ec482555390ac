using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A weight file whose tensors have been paired with the model that it holds.</summary>
internal sealed class WeightFile : IDisposable
{
    private WeightFile(ITensorSource source, RecoveredModel recovered)
    {
        Source = source;
        Tensors = ModelTensors.Of(source, recovered);
        Skipped = recovered.Skipped;
        Notes = recovered.Notes;
    }

    /// <summary>The file.</summary>
    public ITensorSource Source { get; }

    /// <summary>The model's tensors.</summary>
    public ModelTensors Tensors { get; }

    /// <summary>The model that it holds.</summary>
    public ModelConfig Config => Tensors.Config;

    /// <summary>The model's tensors and their names in the file.</summary>
    public MatchResult Match => Tensors.Match;

    /// <summary>Tensors that are deliberately left out, each with the reason.</summary>
    public IReadOnlyList<string> Skipped { get; }

    /// <summary>What had to be assumed.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Opens a file, finds out what model it is, and checks that every tensor is there and fits.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.pth</c> file.</param>
    /// <exception cref="InputException">The file cannot be read, or its tensors do not make a model.</exception>
    public static WeightFile Open(string path) => Of(TensorFiles.Open(path));

    /// <summary>The same for a source that is open already, which is disposed with the result.</summary>
    /// <param name="source">An open file, or <see cref="RandomWeights"/>.</param>
    /// <exception cref="InputException">Its tensors do not make a model; the source is disposed.</exception>
    public static WeightFile Of(ITensorSource source)
    {
        try
        {
            return new WeightFile(source, ModelInspector.Recover(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Says what was loaded, what was skipped and what was assumed.</summary>
    /// <param name="terminal">Where to.</param>
    public void Tell(Terminal terminal)
    {
        terminal.Note($"{Source.Path}: {Match}");
        foreach (string line in Skipped)
        {
            terminal.Note($"  skipped: {line}");
        }

        foreach (string line in Notes)
        {
            terminal.Note($"  note: {line}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
