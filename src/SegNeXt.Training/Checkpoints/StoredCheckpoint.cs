using SegNeXt.Core;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <summary>A checkpoint on the disk whose files are whole.</summary>
internal sealed class StoredCheckpoint
{
    /// <summary>The weights, a model file that every command takes.</summary>
    public const string ModelName = "model.safetensors";

    /// <summary>AdamW's moments, and the run's state as metadata.</summary>
    public const string OptimizerName = "optimizer.safetensors";

    /// <summary>The moving average of the weights, a model file; only where the run has one.</summary>
    public const string AverageName = "ema.safetensors";

    /// <summary>The configuration it was trained with.</summary>
    public const string ConfigName = "config.yaml";

    private StoredCheckpoint(string folder, TrainingState state)
    {
        Folder = folder;
        State = state;
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Where the run stood.</summary>
    public TrainingState State { get; }

    /// <summary>The configuration it was trained with, or null where it is not there or of another version.</summary>
    public RunConfig? Config
    {
        get
        {
            try
            {
                return File.Exists(PathOf(ConfigName)) ? RunConfig.Load(PathOf(ConfigName), []) : null;
            }
            catch (InputException)
            {
                return null;
            }
        }
    }

    /// <summary>Opens a folder and checks every byte of it.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <exception cref="InputException">It is incomplete or damaged; the message says what.</exception>
    public static StoredCheckpoint Open(string folder)
    {
        bool hasSums = File.Exists(Path.Combine(folder, FolderChecksums.FileName));
        if (hasSums && FolderChecksums.Check(folder, ModelName, OptimizerName) is { } fault)
        {
            throw new InputException($"{folder}: {fault}.");
        }

        // Checkpoints of version 0.1 have no sums; what can be seen without them is seen on opening.
        string optimizer = Path.Combine(folder, OptimizerName);
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder, ModelName));
        using SafetensorsFile moments = SafetensorsFile.Open(optimizer);
        return new StoredCheckpoint(folder, TrainingState.FromMetadata(optimizer, moments.Metadata));
    }

    /// <summary>Writes a checkpoint into a folder, which is empty, down to the disk.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    /// <exception cref="IOException">A file cannot be read again.</exception>
    public static void Write(string folder, CheckpointContent content, TrainingState state)
    {
        Dictionary<string, string> metadata = BestWeights.Describe(state.Iteration);
        ModelState.Save(Path.Combine(folder, ModelName), content.Model, content.Model.Config, metadata);
        if (content.Average is { } average)
        {
            ModelState.Save(Path.Combine(folder, AverageName), average.Model, average.Model.Config, metadata);
        }

        OptimizerFile.Write(Path.Combine(folder, OptimizerName), content.Optimizer, state);
        AtomicFile.WriteText(Path.Combine(folder, ConfigName), content.Config.ToYaml());
        FolderChecksums.Write(folder);
        FolderSync.Flush(folder);
    }

    /// <summary>Refuses another model than the checkpoint's.</summary>
    /// <param name="expected">The model that the run is configured for.</param>
    /// <exception cref="InputException">The encoder, the decoder or the number of classes differ.</exception>
    public void RequireModel(ModelConfig expected)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(PathOf(ModelName));
        ModelConfig found = ModelInspector.Recover(weights).Config;

        // A variant may have the same tensors and compute something else with them.
        bool sameVariant = ModelVariant.Describe(found).SequenceEqual(ModelVariant.Describe(expected));
        if (sameVariant && ModelLayout.Enumerate(found).Select(Key).SequenceEqual(ModelLayout.Enumerate(expected).Select(Key)))
        {
            return;
        }

        throw new InputException(found.NumClasses != expected.NumClasses && found.Name == expected.Name && sameVariant
            ? $"{Folder} is a checkpoint of a model with {found.NumClasses} classes, but this run has {expected.NumClasses}; resume it with the data and classes it was started with, or begin another run with another --out."
            : $"{Folder} is a checkpoint of {Title(found)}, but this run is configured for {Title(expected)}; resume it without changing the model, or begin another run with another --out.");

        static string Key(TensorSpec spec) => $"{spec.Name} {string.Join('x', spec.Shape)}";
        static string Title(ModelConfig config) =>
            string.Join(", ", [$"{(config.Decoder is null ? "MSCAN" : "SegNeXt")}-{config.Name.ToUpperInvariant()}", .. ModelVariant.Describe(config)]);
    }

    /// <summary>Loads it into the parts of a run.</summary>
    /// <param name="content">The parts, made for the same model.</param>
    /// <returns>How many tensors were loaded.</returns>
    /// <exception cref="InputException">A file does not fit the model.</exception>
    public LoadReport Load(CheckpointContent content)
    {
        MatchResult match = LoadModel(ModelName, content.Model);
        using SafetensorsFile moments = SafetensorsFile.Open(PathOf(OptimizerName));
        OptimizerFile.Load(moments, content.Optimizer);
        if (content.Average is { } average)
        {
            if (File.Exists(PathOf(AverageName)))
            {
                LoadModel(AverageName, average.Model);
                average.Updates = State.AverageUpdates;
            }
            else
            {
                average.Reset();
            }
        }

        return new LoadReport(PathOf(ModelName), match.Loaded, match.Total, [], []);
    }

    private MatchResult LoadModel(string name, Network model)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(PathOf(name));
        MatchResult match = StateMatcher.Match(weights, [.. ModelLayout.Enumerate(model.Config), .. ModelLayout.OptionalBases(model.Config)]);
        ModelState.Load(model, weights, match);
        return match;
    }

    private string PathOf(string name) => Path.Combine(Folder, name);
}
