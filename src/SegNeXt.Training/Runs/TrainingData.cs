using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>From a configuration to data sets, loader and the model's description.</summary>
internal static class TrainingData
{
    /// <summary>Opens and checks both splits.</summary>
    /// <exception cref="InputException">A split is missing or unusable, or its classes do not fit.</exception>
    public static (ISegmentationDataSet Train, ISegmentationDataSet Val) Open(RunConfig config)
    {
        try
        {
            return OpenSound(config);
        }
        catch (InputException error) when (Directory.Exists(config.Data.Root))
        {
            // The first fault ends a run; the others would each cost another start.
            string type = config.Data.Type == DataSetType.Auto ? "" : $" --set data.type={config.Data.Type}";
            throw new InputException($"{error.Message} All that is wrong with the data, and what to change: segnext doctor --data {config.Data.Root}{type}", error);
        }
    }

    private static (ISegmentationDataSet Train, ISegmentationDataSet Val) OpenSound(RunConfig config)
    {
        string type = config.Data.Type.ToString();
        ISegmentationDataSet train = DataSets.Open(type, config.Data.Root, config.Data.TrainSplit);
        ISegmentationDataSet val = DataSets.Open(type, config.Data.Root, config.EvalSplit);
        if (config.Model.Classes is { } classes && classes != train.Classes.Count)
        {
            throw new InputException($"model.classes is {classes}, but {config.Data.Root} has {train.Classes.Count} classes ({string.Join(", ", train.Classes.Names.Take(5))}{(train.Classes.Count > 5 ? ", …" : "")}).");
        }

        // Labels are decoded, pictures are not: a value outside the classes would else end a run after hours.
        DataSetCheck.Require(train, labelValues: true);
        DataSetCheck.Require(val, labelValues: true);
        return (train, val);
    }

    /// <summary>What the model is: the preset of the configuration with the data set's classes.</summary>
    public static ModelConfig ModelConfigFor(RunConfig config, ClassSet classes) =>
        config.Model.ToModelConfig(classes.Count) with { ClassNames = classes.Names, Palette = classes.Palette };

    /// <summary>The loader of a process's training batches from the run's beginning, all of every batch.</summary>
    public static DataLoader Loader(RunConfig config, ISegmentationDataSet data, ModelConfig model)
    {
        LoaderOptions options = new() { Batch = config.Train.Batch, Workers = config.Train.Workers, Seed = config.Seed, CacheBytes = (long)config.Train.CacheMegabytes << 20 };
        return Loader(config, data, model, options, SilentProgress.Instance, default);
    }

    /// <summary>The loader of training batches.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="data">What is trained on.</param>
    /// <param name="model">Whose mean and deviation pictures are normalised by.</param>
    /// <param name="options">Which part of the run's sequence it loads, and by what means.</param>
    /// <param name="progress">Is told what is unusual.</param>
    /// <param name="cancellation">Ends what has to be read first.</param>
    public static DataLoader Loader(
        RunConfig config, ISegmentationDataSet data, ModelConfig model, LoaderOptions options, ITrainingProgress progress, CancellationToken cancellation)
    {
        TrainSettings train = config.Train;
        return new DataLoader(data, new TrainTransform(train.ToAugmentation(model)), options with
        {
            FastDecode = train.FastDecode,
            RepeatFactors = train.Sampler == Sampler.ClassBalanced ? ClassBalance.Factors(data, train.SamplerThreshold, progress, cancellation) : null,
        });
    }
}
