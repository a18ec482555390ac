namespace SegNeXt.Core;

/// <summary>What a weight file's own words, or else its names and shapes, tell about the model.</summary>
public sealed record RecoveredModel
{
    /// <summary>The model.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>Each tensor's name in <see cref="ModelLayout"/> and its name in the file, in the file's order.</summary>
    public required IReadOnlyDictionary<string, string> NameMap { get; init; }

    /// <summary>Tensors that are deliberately left out, each with the reason: <c>name (reason)</c>.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>What had to be assumed, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
