using System.Text;

namespace SegNeXt.Core;

/// <summary>Pairs a file's tensors with a model's, or says everything that does not fit at once.</summary>
public static class StateMatcher
{
    private const string Counter = ".num_batches_tracked";

    /// <summary>
    /// Pairs by name and checks shape and type. Batch norm's <c>num_batches_tracked</c> and the fixed NMF bases may be
    /// absent; floating-point types convert to each other, and so do integer types.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="expected">The model's tensors.</param>
    /// <param name="nameMap">Names of the model to names in the file, as <see cref="ModelInspector"/> finds them; null if they are the same.</param>
    /// <param name="options">What may be left out; null: nothing.</param>
    /// <returns>The pairs to load.</returns>
    /// <exception cref="InputException">Tensors are missing, unexpected or misshapen; the message lists all of them.</exception>
    public static MatchResult Match(
        ITensorSource source, IReadOnlyList<TensorSpec> expected, IReadOnlyDictionary<string, string>? nameMap = null, MatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(expected);
        nameMap ??= source.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Name, StringComparer.Ordinal);
        HashSet<string> unexpected = [.. nameMap.Keys];
        List<MatchedTensor> matched = [];
        List<string> absent = [];
        List<string> missing = [];
        List<string> misshapen = [];
        int leftOut = 0;
        foreach (TensorSpec spec in expected)
        {
            unexpected.Remove(spec.Name);
            TensorInfo? found = nameMap.TryGetValue(spec.Name, out string? name) ? source.Find(name) : null;
            if (options?.LeaveOut?.Invoke(spec) == true)
            {
                leftOut++;
            }
            else if (found is null && IsOptional(spec.Name))
            {
                absent.Add(spec.Name);
            }
            else if (found is null)
            {
                missing.Add($"{spec.Name} {MessageText.Shape(spec.Shape)}");
            }
            else if (Misfit(spec, found) is { } misfit)
            {
                misshapen.Add($"{spec.Name}: {misfit}");
            }
            else
            {
                matched.Add(new MatchedTensor(spec, name!));
            }
        }

        // A model that draws its bases anew has no place for stored ones and needs none.
        unexpected.Remove(ModelLayout.BasesName);
        if (missing.Count + misshapen.Count + unexpected.Count > 0)
        {
            throw new InputException(Report(source, missing, [.. nameMap.Keys.Where(unexpected.Contains)], misshapen, nameMap));
        }

        return new MatchResult(matched.Count, matched.Count + leftOut) { Tensors = matched, Absent = absent };
    }

    private static bool IsOptional(string name) => name == ModelLayout.BasesName || name.EndsWith(Counter, StringComparison.Ordinal);

    private static string? Misfit(TensorSpec spec, TensorInfo found)
    {
        if (!found.Shape.AsSpan().SequenceEqual(spec.Shape))
        {
            return $"{MessageText.Shape(found.Shape)} in the file, {MessageText.Shape(spec.Shape)} in the model";
        }

        return found.DType.IsFloatingPoint() == spec.DType.IsFloatingPoint() ? null : $"{found.DType} in the file, {spec.DType} in the model";
    }

    private static string Report(
        ITensorSource source, List<string> missing, List<string> unexpected, List<string> misshapen, IReadOnlyDictionary<string, string> nameMap)
    {
        StringBuilder report = new($"{source.Path}: the weights do not fit the model: {missing.Count} missing, {unexpected.Count} unexpected, {misshapen.Count} misshapen.");
        missing.ForEach(line => report.Append("\n  missing: ").Append(line));
        foreach (string name in unexpected)
        {
            TensorInfo? tensor = source.Find(nameMap[name]);
            report.Append("\n  unexpected: ").Append(MessageText.Quote(nameMap[name])[1..^1]).Append(' ').Append(MessageText.Shape(tensor?.Shape ?? []));
        }

        misshapen.ForEach(line => report.Append("\n  misshapen: ").Append(line));
        return report.ToString();
    }
}
