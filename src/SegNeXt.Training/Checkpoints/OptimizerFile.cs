using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// The optimiser's averages in a safetensors file: <c>NAME.exp_avg</c> and <c>NAME.exp_avg_sq</c> of AdamW,
/// <c>NAME.momentum_buffer</c> of Muon, and <c>NAME.step</c> of both.
/// </summary>
internal static class OptimizerFile
{
    // Files of version 0.1 do not say it: they are AdamW's.
    private const string KindKey = "optimizer";
    private const string AdamWName = "adamw";
    private const string MuonName = "muon";

    /// <summary>Writes the averages of all parameters that have been moved, and a state as metadata.</summary>
    public static void Write(string path, IOptimizer optimizer, TrainingState state)
    {
        Dictionary<string, string> metadata = state.ToMetadata();
        metadata[KindKey] = NameOf(optimizer);
        SafetensorsWriter.Write(path, Tensors(optimizer), metadata);
    }

    /// <summary>Reads the averages; a parameter that the file does not have, since it was frozen, begins with none.</summary>
    /// <exception cref="InputException">The file cannot be read, is another optimiser's, or a tensor of it has another shape.</exception>
    public static void Load(SafetensorsFile file, IOptimizer optimizer)
    {
        string found = file.Metadata.TryGetValue(KindKey, out string? kind) ? kind : AdamWName;
        if (found != NameOf(optimizer))
        {
            throw new InputException($"{file.Path} is the state of train.optimizer {found}, but this run has {NameOf(optimizer)}; resume it with train.optimizer={found}, or begin another run with another --out.");
        }

        foreach (ParameterGroup group in optimizer.Groups)
        {
            IReadOnlyList<(string Name, Tensor Value)> averages = optimizer.Averages(group.Name);
            if (file.Find($"{group.Name}.{averages[0].Name}") is null)
            {
                continue;
            }

            using TensorScope scope = new();
            foreach ((string name, Tensor value) in averages)
            {
                value.CopyFrom_(ModelState.Read(file, $"{group.Name}.{name}", group.Parameter));
            }

            var step = new long[1];
            file.ReadInt64($"{group.Name}.step", step);
            optimizer.SetSteps(group.Name, step[0]);
        }
    }

    private static string NameOf(IOptimizer optimizer) => optimizer is Muon ? MuonName : AdamWName;

    private static IEnumerable<NamedTensor> Tensors(IOptimizer optimizer)
    {
        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (optimizer.StepsOf(group.Name) is > 0 and long steps)
            {
                foreach ((string name, Tensor value) in optimizer.Averages(group.Name))
                {
                    yield return ModelState.ToNamed($"{group.Name}.{name}", value);
                }

                yield return NamedTensor.FromInt64($"{group.Name}.step", [], new long[] { steps });
            }
        }
    }
}
