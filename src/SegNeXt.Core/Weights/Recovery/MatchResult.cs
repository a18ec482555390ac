namespace SegNeXt.Core;

/// <summary>How a file's tensors are paired with a model's.</summary>
/// <param name="Loaded">Tensors of the model that the file brings.</param>
/// <param name="Total">Tensors of the model, without the optional ones that the file does not have.</param>
public sealed record MatchResult(int Loaded, int Total)
{
    /// <summary>Each tensor to load, with its name in the file; in the model's order.</summary>
    public IReadOnlyList<MatchedTensor> Tensors { get; init; } = [];

    /// <summary>Optional tensors that the file does not have; they keep their initial values.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The sentence that every loading says: <c>loaded N of N tensors</c>.</summary>
    public override string ToString() => $"loaded {Loaded} of {Total} tensors";
}

/// <summary>A tensor of the model and where its values are.</summary>
/// <param name="Spec">The tensor.</param>
/// <param name="NameInFile">Its name in the file.</param>
public sealed record MatchedTensor(TensorSpec Spec, string NameInFile);

/// <summary>What a match may leave out.</summary>
public sealed record MatchOptions
{
    /// <summary>
    /// Tensors of the model that are not loaded whatever the file has, such as the classifier when the classes differ;
    /// they count in the total. Null: none.
    /// </summary>
    public Func<TensorSpec, bool>? LeaveOut { get; init; }
}
