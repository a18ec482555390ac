using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Where a run stands, apart from its weights.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="BestMeanIoU">Best validation mIoU so far, or NaN.</param>
/// <param name="Seconds">Seconds trained so far.</param>
public sealed record TrainingState(int Iteration, double BestMeanIoU, double Seconds);

/// <summary>
/// The folder <c>last/</c> of a run: <c>model.safetensors</c>, weights that every command takes, and
/// <c>optimizer.safetensors</c>, the moments of AdamW with the run's state in its metadata. The folder is replaced as a
/// whole, so at every moment one complete checkpoint stands, whenever the process is killed.
/// </summary>
public sealed class CheckpointStore
{
    private const string ModelName = "model.safetensors";
    private const string OptimizerName = "optimizer.safetensors";

    private readonly string _last;
    private readonly string _next;
    private readonly string _previous;

    /// <summary>Opens the store of a run.</summary>
    /// <param name="runFolder">The run's folder.</param>
    public CheckpointStore(string runFolder)
    {
        _last = Path.Combine(runFolder, "last");
        _next = Path.Combine(runFolder, "last.new");
        _previous = Path.Combine(runFolder, "last.previous");
    }

    /// <summary>Whether there is a checkpoint to go on from.</summary>
    public bool Exists => CompleteFolder() is not null;

    /// <summary>Writes a checkpoint in place of the one before.</summary>
    /// <param name="model">The network.</param>
    /// <param name="config">What the network is.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="state">Where the run stands.</param>
    /// <exception cref="InputException">The disk is full or the folder cannot be written; the checkpoint before stays.</exception>
    public void Save(Module model, ModelConfig config, AdamW optimizer, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(state);
        try
        {
            // A kill between the two renames below leaves only last.previous: keep it until a newer one stands.
            if (!Directory.Exists(_last) && Directory.Exists(_previous))
            {
                Directory.Move(_previous, _last);
            }

            DeleteIfThere(_next);
            Directory.CreateDirectory(_next);
            ModelState.Save(Path.Combine(_next, ModelName), model, config, new Dictionary<string, string> { ["iteration"] = state.Iteration.ToString(CultureInfo.InvariantCulture) });
            SafetensorsWriter.Write(Path.Combine(_next, OptimizerName), Moments(optimizer), Describe(state));
            DeleteIfThere(_previous);
            if (Directory.Exists(_last))
            {
                Directory.Move(_last, _previous);
            }

            Directory.Move(_next, _last);
            DeleteIfThere(_previous);
        }
        catch (Exception e) when (e is InputException || FileErrors.IsFileError(e))
        {
            string fault = (e is InputException ? e : FileErrors.Wrap(_next, e)).Message.TrimEnd('.');
            string stays = Exists ? "the checkpoint before it stays" : "there is none before it";
            DeleteRemains(_next);
            throw new InputException($"The checkpoint of iteration {state.Iteration} could not be written ({fault}); {stays}.", e);
        }
    }

    /// <summary>Loads the checkpoint into a network and its optimiser.</summary>
    /// <param name="model">The network, built from the same configuration.</param>
    /// <param name="config">What the network is.</param>
    /// <param name="optimizer">The optimiser over the network's parameters.</param>
    /// <returns>Where the run stood, and how many tensors were loaded.</returns>
    /// <exception cref="InputException">There is no checkpoint, or it is damaged, or of another model.</exception>
    public (TrainingState State, LoadReport Loaded) Load(Module model, ModelConfig config, AdamW optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        string folder = CompleteFolder() ?? throw new InputException($"{_last}: there is no checkpoint to resume from.");
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder, ModelName));
        MatchResult match = StateMatcher.Match(weights, [.. ModelLayout.Enumerate(config), .. ModelLayout.OptionalBases(config)]);
        ModelState.Load(model, weights, match);
        using SafetensorsFile moments = SafetensorsFile.Open(Path.Combine(folder, OptimizerName));
        LoadMoments(optimizer, moments);
        return (ReadState(moments), new LoadReport(weights.Path, match.Loaded, match.Total, [], []));
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

    private static void LoadMoments(AdamW optimizer, SafetensorsFile moments)
    {
        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (moments.Find($"{group.Name}.exp_avg") is null)
            {
                continue;
            }

            using TensorScope scope = new();
            var step = new long[1];
            moments.ReadInt64($"{group.Name}.step", step);
            optimizer.LoadState(group.Name, new AdamWState(
                ModelState.Read(moments, $"{group.Name}.exp_avg", group.Parameter),
                ModelState.Read(moments, $"{group.Name}.exp_avg_sq", group.Parameter),
                step[0]));
        }
    }

    private static Dictionary<string, string> Describe(TrainingState state) => new(StringComparer.Ordinal)
    {
        ["iteration"] = state.Iteration.ToString(CultureInfo.InvariantCulture),
        ["best_miou"] = state.BestMeanIoU.ToString("R", CultureInfo.InvariantCulture),
        ["seconds"] = state.Seconds.ToString("R", CultureInfo.InvariantCulture),
    };

    private static TrainingState ReadState(SafetensorsFile source)
    {
        try
        {
            return new TrainingState(
                int.Parse(source.Metadata["iteration"], CultureInfo.InvariantCulture),
                double.Parse(source.Metadata["best_miou"], CultureInfo.InvariantCulture),
                double.Parse(source.Metadata["seconds"], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InputException($"{source.Path}: its metadata does not say where the run stood.", e);
        }
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

    private string? CompleteFolder() =>
        new[] { _last, _previous }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, ModelName)) && File.Exists(Path.Combine(folder, OptimizerName)));
}
