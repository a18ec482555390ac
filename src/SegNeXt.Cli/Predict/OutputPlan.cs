using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>What <c>predict</c> writes beside the class ids.</summary>
[Flags]
internal enum PredictFiles
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary><c>NAME_overlay.png</c>: picture, colours and legend.</summary>
    Overlay = 1,

    /// <summary><c>NAME_probabilities.npy</c>.</summary>
    Probabilities = 2,

    /// <summary><c>NAME_logits.npy</c>.</summary>
    Logits = 4,
}

/// <summary>The files that one picture's results go to.</summary>
/// <param name="Input">The picture.</param>
/// <param name="Ids">Class ids.</param>
/// <param name="Overlay">Picture with colours, if wanted.</param>
/// <param name="Probabilities">Probabilities, if wanted.</param>
/// <param name="Logits">Logits, if wanted.</param>
internal sealed record OutputPlan(string Input, string Ids, string? Overlay, string? Probabilities, string? Logits)
{
    private IEnumerable<string> Outputs => new[] { Ids, Overlay, Probabilities, Logits }.OfType<string>();

    /// <summary>Plans the output files of all pictures, before the first is opened.</summary>
    /// <param name="inputs">The pictures.</param>
    /// <param name="folder">Where the outputs go.</param>
    /// <param name="outputs">What is wanted.</param>
    /// <exception cref="InputException">Two pictures would write the same file, or one would overwrite a picture.</exception>
    public static IReadOnlyList<OutputPlan> Create(IReadOnlyList<string> inputs, string folder, PredictFiles outputs)
    {
        List<OutputPlan> plans = [.. inputs.Select(input => CreateOne(input, folder, outputs))];
        Dictionary<string, string> writers = new(StringComparer.Ordinal);
        HashSet<string> sources = [.. inputs.Select(Path.GetFullPath)];
        foreach (OutputPlan plan in plans)
        {
            foreach (string output in plan.Outputs)
            {
                string full = Path.GetFullPath(output);
                if (sources.Contains(full))
                {
                    throw new InputException($"The result of {plan.Input} would overwrite the picture {output}; choose another --out.");
                }

                if (!writers.TryAdd(full, plan.Input))
                {
                    throw new InputException($"{writers[full]} and {plan.Input} would both be written to {output}; predict them into different folders.");
                }
            }
        }

        return plans;
    }

    private static OutputPlan CreateOne(string input, string folder, PredictFiles outputs)
    {
        string stem = Path.Combine(folder, Path.GetFileNameWithoutExtension(input));
        string? If(PredictFiles wanted, string suffix) => outputs.HasFlag(wanted) ? stem + suffix : null;
        return new OutputPlan(
            input,
            stem + ".png",
            If(PredictFiles.Overlay, "_overlay.png"),
            If(PredictFiles.Probabilities, "_probabilities.npy"),
            If(PredictFiles.Logits, "_logits.npy"));
    }
}
