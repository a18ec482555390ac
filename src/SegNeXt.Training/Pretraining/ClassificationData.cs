using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>From a configuration with a section <c>pretrain</c> to data sets, loader and test.</summary>
public static class ClassificationData
{
    /// <summary>Opens what is trained on and what is evaluated.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="InputException">A split is missing or cannot be used.</exception>
    public static (IClassificationDataSet Train, IClassificationDataSet Val) Open(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        PretrainSettings pretrain = SettingsOf(config);
        ClassFolderDataSet all = ClassFolderDataSet.Open(config.Data.Root, config.Data.TrainSplit);
        if (config.Model.Classes is { } classes && classes != all.Classes.Count)
        {
            throw new InputException($"model.classes is {classes}, but {config.Data.Root} has {all.Classes.Count} folders of classes.");
        }

        if (pretrain.HoldOut > 0)
        {
            return HeldOut.Split(all, pretrain.HoldOut, pretrain.HoldOutSeed);
        }

        if (!Directory.Exists(Path.Combine(config.Data.Root, config.EvalSplit)))
        {
            throw new InputException($"{config.Data.Root}: there is no split '{config.EvalSplit}' to evaluate on; hold a part of the training pictures out with --set pretrain.holdout=0.1, or name a split with data.val_split.");
        }

        return (all, ClassFolderDataSet.Open(config.Data.Root, config.EvalSplit));
    }

    /// <summary>The pictures that a configuration evaluates.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="split">The split, or null for the configuration's.</param>
    /// <exception cref="InputException">There is no such split, or it cannot be used.</exception>
    public static IClassificationDataSet ToEvaluate(RunConfig config, string? split)
    {
        ArgumentNullException.ThrowIfNull(config);
        return split is null ? Open(config).Val : ClassFolderDataSet.Open(config.Data.Root, split);
    }

    /// <summary>The loader of training batches.</summary>
    /// <param name="config">The configuration, in iterations.</param>
    /// <param name="data">What is trained on.</param>
    /// <param name="model">Whose mean and deviation pictures are normalised by.</param>
    /// <param name="options">Which part of the run's sequence it loads, and by what means.</param>
    internal static DataLoader Loader(RunConfig config, IClassificationDataSet data, ModelConfig model, LoaderOptions options)
    {
        TrainSettings train = config.Train;
        ClassificationTransform transform = new(config.Pretrain!.ToAugmentation(model, train.Flip));
        int side = (int)(config.Pretrain.Sizes?.Max() ?? 0);
        (int Height, int Width) largest = side > 0 ? (side, side) : (train.Crop.Height, train.Crop.Width);
        ClassificationSamples samples = new(
            data, transform, largest, batch => PretrainSettings.SizeAt(config, batch / train.Accumulate), options.CacheBytes);
        return new DataLoader(samples, options);
    }

    /// <summary>How a run tests.</summary>
    /// <param name="config">The configuration.</param>
    public static ClassificationTest TestOf(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        PretrainSettings pretrain = SettingsOf(config);
        return new ClassificationTest(
            pretrain.EvalSize ?? config.Train.Crop.Height, pretrain.EvalSize ?? config.Train.Crop.Width, pretrain.EvalCrop, config.Eval.Flip);
    }

    private static PretrainSettings SettingsOf(RunConfig config) =>
        config.Pretrain ?? throw new InputException("The configuration has no section 'pretrain', so it is not one of an image classifier.");
}
