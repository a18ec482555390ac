using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// Section <c>pretrain</c>: what the training of an image classifier has beyond the sections that it shares with
/// segmentation. The defaults are DeiT's recipe, which the paper follows.
/// </summary>
public sealed record PretrainSettings
{
    /// <summary><c>pretrain.epochs</c>: length of the run, or null where <c>train.iterations</c> says it.</summary>
    public double? Epochs { get; init; }

    /// <summary><c>pretrain.warmup_epochs</c>: length of the warm-up, or null where <c>train.warmup_iterations</c> says it.</summary>
    public double? WarmupEpochs { get; init; }

    /// <summary><c>pretrain.eval_epochs</c>: epochs between two evaluations and checkpoints, or null where <c>eval.interval</c> and <c>checkpoint.interval</c> say it.</summary>
    public double? EvalEpochs { get; init; }

    /// <summary><c>pretrain.holdout</c>: share of each class of the training split that is evaluated instead of trained on; 0 for the validation split.</summary>
    public double HoldOut { get; init; }

    /// <summary><c>pretrain.holdout_seed</c>: which pictures that are.</summary>
    public int HoldOutSeed { get; init; }

    /// <summary>
    /// <c>pretrain.sizes</c>: sides of the training pictures over the run, one after the other for equal numbers of iterations;
    /// null for <c>train.crop</c> throughout.
    /// </summary>
    public NumberList? Sizes { get; init; }

    /// <summary><c>pretrain.crop_scale</c>: share of a picture's area in a crop.</summary>
    public RatioRange CropScale { get; init; } = new(0.08, 1);

    /// <summary><c>pretrain.crop_ratio</c>: width / height of a crop.</summary>
    public RatioRange CropRatio { get; init; } = new(0.75, 4.0 / 3);

    /// <summary><c>pretrain.randaugment</c>: magnitude of RandAugment, or null for none.</summary>
    public double? RandAugment { get; init; } = 9;

    /// <summary><c>pretrain.randaugment_std</c>: deviation of its strengths.</summary>
    public double RandAugmentStd { get; init; } = 0.5;

    /// <summary><c>pretrain.randaugment_layers</c>: its operations a picture.</summary>
    public int RandAugmentLayers { get; init; } = 2;

    /// <summary><c>pretrain.color_jitter</c>: strength of colour jitter.</summary>
    public double ColorJitter { get; init; }

    /// <summary><c>pretrain.erase</c>: probability of random erasing.</summary>
    public double Erase { get; init; } = 0.25;

    /// <summary><c>pretrain.mixup</c>: α of mixup, 0 for none.</summary>
    public double Mixup { get; init; } = 0.8;

    /// <summary><c>pretrain.cutmix</c>: α of CutMix, 0 for none.</summary>
    public double Cutmix { get; init; } = 1;

    /// <summary><c>pretrain.mix_probability</c>: of mixing a batch at all.</summary>
    public double MixProbability { get; init; } = 1;

    /// <summary><c>pretrain.switch_probability</c>: of CutMix instead of mixup.</summary>
    public double SwitchProbability { get; init; } = 0.5;

    /// <summary><c>pretrain.label_smoothing</c>: ε of the targets.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary><c>pretrain.eval_crop</c>: share of the resized picture's shorter side that evaluation sees.</summary>
    public double EvalCrop { get; init; } = 0.875;

    /// <summary><c>pretrain.eval_size</c>: the side that evaluation gives the network, or null for that of <c>train.crop</c>.</summary>
    public int? EvalSize { get; init; }

    /// <summary>What is done to the pictures.</summary>
    /// <param name="model">Whose mean and deviation they are normalised by.</param>
    /// <param name="flip"><c>train.flip</c>.</param>
    public ClassificationAugmentation ToAugmentation(ModelConfig model, double flip)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ClassificationAugmentation
        {
            CropScale = (CropScale.Min, CropScale.Max),
            CropRatio = (CropRatio.Min, CropRatio.Max),
            Flip = flip,
            RandAugment = RandAugment is { } magnitude ? new RandAugment(magnitude, RandAugmentStd, RandAugmentLayers, model.Mean) : null,
            ColorJitter = ColorJitter,
            Erase = Erase,
            Mean = model.Mean,
            Std = model.Std,
        };
    }

    /// <summary>The configuration with what is said in epochs put into iterations.</summary>
    /// <param name="config">A configuration with this section.</param>
    /// <param name="images">Pictures that are trained on.</param>
    internal static RunConfig InIterations(RunConfig config, int images)
    {
        PretrainSettings pretrain = config.Pretrain!;
        double epoch = (double)images / (config.Train.Batch * config.Train.Accumulate);
        int Of(double? epochs, int otherwise, int least) => epochs is { } number ? (int)Math.Clamp(Math.Round(number * epoch), least, int.MaxValue) : otherwise;
        return config with
        {
            Train = config.Train with
            {
                Iterations = Of(pretrain.Epochs, config.Train.Iterations, 1),
                WarmupIterations = Of(pretrain.WarmupEpochs, config.Train.WarmupIterations, 0),
            },
            Eval = config.Eval with { Interval = Between(config.Eval.Interval) },
            Checkpoint = config.Checkpoint with { Interval = Between(config.Checkpoint.Interval) },
        };

        // Rounded up, so that the last of whole epochs is the run's end, not an iteration or two before it.
        int Between(int otherwise) => pretrain.EvalEpochs is { } epochs ? (int)Math.Clamp(Math.Ceiling(epochs * epoch), 1, int.MaxValue) : otherwise;
    }

    /// <summary>The sides of the pictures of an iteration.</summary>
    /// <param name="config">A configuration with this section, in iterations.</param>
    /// <param name="iteration">Its number, from 0.</param>
    internal static (int Height, int Width) SizeAt(RunConfig config, long iteration)
    {
        if (config.Pretrain?.Sizes is not { Count: > 0 } sizes)
        {
            return (config.Train.Crop.Height, config.Train.Crop.Width);
        }

        int part = (int)Math.Min(sizes.Count - 1, iteration * sizes.Count / config.Train.Iterations);
        return ((int)sizes[part], (int)sizes[part]);
    }
}
