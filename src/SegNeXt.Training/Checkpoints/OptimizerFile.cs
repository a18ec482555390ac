using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>AdamW's moments in a safetensors file, <c>NAME.exp_avg</c>, <c>NAME.exp_avg_sq</c>, <c>NAME.step</c>.</summary>
internal static class OptimizerFile
{
    /// <summary>Writes the moments of all parameters that have been moved, and a state as metadata.</summary>
    public static void Write(string path, AdamW optimizer, TrainingState state) =>
        SafetensorsWriter.Write(path, Moments(optimizer), state.ToMetadata());

    /// <summary>Reads the moments; a parameter that the file does not have, since it was frozen, begins with none.</summary>
    /// <exception cref="InputException">The file cannot be read, or a tensor of it has another shape.</exception>
    public static void Load(SafetensorsFile file, AdamW optimizer)
    {
        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (file.Find($"{group.Name}.exp_avg") is null)
            {
                continue;
            }

            using TensorScope scope = new();
            var step = new long[1];
            file.ReadInt64($"{group.Name}.step", step);
            optimizer.LoadState(group.Name, new AdamWState(
                ModelState.Read(file, $"{group.Name}.exp_avg", group.Parameter),
                ModelState.Read(file, $"{group.Name}.exp_avg_sq", group.Parameter),
                step[0]));
        }
    }

    private static IEnumerable<NamedTensor> Moments(AdamW optimizer)
    {
        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (optimizer.GetState(group.Name) is { Step: > 0 } state)
            {
                yield return ModelState.ToNamed($"{group.Name}.exp_avg", state.ExpAvg);
                yield return ModelState.ToNamed($"{group.Name}.exp_avg_sq", state.ExpAvgSq);
                yield return NamedTensor.FromInt64($"{group.Name}.step", [], new long[] { state.Step });
            }
        }
    }
}
