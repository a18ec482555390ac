using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <summary>
/// The file <c>best.safetensors</c>, whose metadata say which iteration's weights it holds. It is written after the
/// checkpoint that knows of it: a process killed in between finds the weights in the checkpoint.
/// </summary>
internal static class BestWeights
{
    private const string IterationKey = "iteration";

    /// <summary>Metadata of a model file of a run.</summary>
    public static Dictionary<string, string> Describe(int iteration, string? figure = null, double value = double.NaN)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { [IterationKey] = iteration.ToString(CultureInfo.InvariantCulture) };
        if (figure is not null && double.IsFinite(value))
        {
            metadata[figure] = value.ToString("R", CultureInfo.InvariantCulture);
        }

        return metadata;
    }

    /// <summary>Writes the weights of the best evaluation.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="model">The weights.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="more">What the file says besides.</param>
    public static void Write(RunFolder run, Network model, TrainingState state, IReadOnlyDictionary<string, string> more)
    {
        Dictionary<string, string> metadata = Describe(state.BestIteration, model.Config.Decoder is null ? "top1" : "miou", state.BestScore);
        foreach ((string key, string value) in more)
        {
            metadata[key] = value;
        }

        ModelState.Save(run.BestWeights, model, model.Config, metadata);
    }

    /// <summary>Brings the file and a resumed state into agreement.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="model">The weights of the checkpoint that are evaluated.</param>
    /// <param name="state">The checkpoint's state.</param>
    /// <param name="more">What the file says besides.</param>
    /// <returns>The state; without a best evaluation where its weights are lost, so that the next one is kept.</returns>
    public static TrainingState Restore(RunFolder run, Network model, TrainingState state, IReadOnlyDictionary<string, string> more)
    {
        if (state.BestIteration == 0 || IterationOf(run.BestWeights) >= state.BestIteration)
        {
            // A later iteration's: of an evaluation that the resumed run comes to again.
            return state;
        }

        if (state.BestIteration == state.Iteration)
        {
            Write(run, model, state, more);
            return state;
        }

        return state with { BestScore = double.NaN, BestIteration = 0 };
    }

    private static int IterationOf(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            return file.Metadata.TryGetValue(IterationKey, out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out int iteration) ? iteration : 0;
        }
        catch (InputException)
        {
            return 0;
        }
    }
}
