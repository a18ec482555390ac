using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <summary>Section <c>train</c>: optimiser, schedule, augmentation and loading.</summary>
public sealed partial record TrainSettings
{
    /// <summary><c>train.iterations</c>: optimiser steps of the whole run.</summary>
    public int Iterations { get; init; } = 160_000;

    /// <summary><c>train.batch</c>: images a pass, of all ranks together; a step learns from <see cref="Accumulate"/> times as many.</summary>
    public int Batch { get; init; } = 16;

    /// <summary><c>train.crop</c>: size of a training crop, <c>HxW</c>.</summary>
    public ImageSize Crop { get; init; } = new(512, 512);

    /// <summary><c>train.optimizer</c>: what moves the weights.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary><c>train.lr</c>: the optimiser's base learning rate.</summary>
    public double LearningRate { get; init; } = 6e-5;

    /// <summary><c>train.weight_decay</c>: the optimiser's decoupled decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary><c>train.param_groups</c>: how rate and decay differ between parameters.</summary>
    public ParameterGroups ParameterGroups { get; init; } = ParameterGroups.Official;

    /// <summary><c>train.head_lr_multiplier</c>: factor of the decoder's rate under <see cref="ParameterGroups.Official"/>.</summary>
    public double HeadLearningRateMultiplier { get; init; } = 10;

    /// <summary><c>train.betas</c>: AdamW's decay rates of the first and second moment.</summary>
    public Betas Betas { get; init; } = new(0.9, 0.999);

    /// <summary><c>train.schedule</c>: the shape of the rate's decay.</summary>
    public ScheduleKind Schedule { get; init; }

    /// <summary><c>train.warmup_iterations</c>: length of the linear warm-up.</summary>
    public int WarmupIterations { get; init; } = 1500;

    /// <summary><c>train.warmup_ratio</c>: factor of the rate at the warm-up's first iteration.</summary>
    public double WarmupRatio { get; init; } = 1e-6;

    /// <summary><c>train.power</c>: exponent of the polynomial decay.</summary>
    public double Power { get; init; } = 1.0;

    /// <summary><c>train.flat</c>: share of the run before a cosine falls.</summary>
    public double Flat { get; init; }

    /// <summary><c>train.min_lr</c>: the rate at the end of the run.</summary>
    public double MinLearningRate { get; init; }

    /// <summary><c>train.accumulate</c>: passes whose gradients are summed for one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary><c>train.precision</c>: number format of the forward and backward pass.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary><c>train.clip_norm</c>: largest L2 norm of the whole gradient, or null to leave it as it is.</summary>
    public double? ClipNorm { get; init; }

    /// <summary><c>train.channels_last</c>: whether tensors lie as NHWC in memory, which is faster on CPUs.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary><c>train.kernels</c>: whose kernels compute the network; the fused ones only on the CPU.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>What is learned by: <c>train.loss</c>, <c>train.class_weights</c> and the keys of each loss.</summary>
    public LossSettings Loss { get; init; } = new();

    /// <summary><c>train.activation_checkpointing</c>: which parts of the network are computed twice to save memory.</summary>
    public ActivationCheckpointing ActivationCheckpointing { get; init; } = ActivationCheckpointing.None;

    /// <summary>
    /// <c>train.resize</c>, written <c>WxH</c> as the released configurations do: the box that an image at ratio 1 is
    /// fitted into with its proportions kept; null for each image's own size.
    /// </summary>
    public ImageSize? Resize { get; init; }

    /// <summary><c>train.ratio_range</c>: the box is scaled by a ratio drawn uniformly from this range.</summary>
    public RatioRange RatioRange { get; init; } = new(0.5, 2.0);

    /// <summary><c>train.cat_max_ratio</c>: a crop in which one class fills more than this is drawn again.</summary>
    public double CatMaxRatio { get; init; } = 0.75;

    /// <summary><c>train.flip</c>: probability of a horizontal flip.</summary>
    public double Flip { get; init; } = 0.5;

    /// <summary><c>train.photometric</c>: whether brightness, contrast, saturation and hue are disturbed.</summary>
    public bool Photometric { get; init; } = true;

    /// <summary><c>train.workers</c>: threads that prepare batches; 0 for a number that suits the machine.</summary>
    public int Workers { get; init; }

    /// <summary><c>train.cache</c>: megabytes of decoded images that may be kept in memory; 0 for none.</summary>
    public int CacheMegabytes { get; init; } = 1024;

    /// <summary>
    /// <c>train.fast_decode</c>: whether JPEGs that augmentation shrinks to a half or less are decoded at a half, a quarter
    /// or an eighth of their size. Off, samples are the official pipeline's exactly; on, those few differ a little.
    /// </summary>
    public bool FastDecode { get; init; }

    /// <summary>The learning rate over the run.</summary>
    public ILearningRateSchedule CreateSchedule() => Schedule == ScheduleKind.Cosine
        ? new CosineSchedule(Iterations, WarmupIterations, WarmupRatio, MinLearningRate, Flat)
        : new PolySchedule(Iterations, WarmupIterations, WarmupRatio, Power, MinLearningRate);

    /// <summary>What is done to the samples that a model is trained on.</summary>
    /// <param name="model">Whose mean and deviation the pictures are normalised by.</param>
    public AugmentationOptions ToAugmentation(ModelConfig model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new AugmentationOptions
        {
            Mean = model.Mean,
            Std = model.Std,
            ResizeBaseWidth = Resize?.Width ?? 0,
            ResizeBaseHeight = Resize?.Height ?? 0,
            CropHeight = Crop.Height,
            CropWidth = Crop.Width,
            RatioMin = RatioRange.Min,
            RatioMax = RatioRange.Max,
            CatMaxRatio = CatMaxRatio,
            FlipProbability = Flip,
            Photometric = Photometric ? new PhotometricDistortion() : null,
        };
    }

    /// <summary>Rate and decay of one parameter.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="dimensions">Number of its dimensions.</param>
    /// <returns>Rate, decay, and the key of the rule that matched.</returns>
    public (double Lr, double Decay, string Key) GroupOf(string name, int dimensions) => ParameterGroups switch
    {
        ParameterGroups.Matrices => ParameterGroupRules.Matrices(dimensions, LearningRate, WeightDecay),
        ParameterGroups.Official => ParameterGroupRules.Official(name, LearningRate, WeightDecay, HeadLearningRateMultiplier),
        _ => ParameterGroupRules.Plain(name, LearningRate, WeightDecay),
    };
}

/// <summary>How learning rate and weight decay differ between parameters.</summary>
public enum ParameterGroups
{
    /// <summary><see cref="ParameterGroupRules.Official"/>: the decoder learns faster; no decay for the encoder's norms.</summary>
    Official,

    /// <summary><see cref="ParameterGroupRules.Plain"/>: one rate; no decay for norms. For training from random weights.</summary>
    Plain,

    /// <summary><see cref="ParameterGroupRules.Matrices"/>: one rate; decay for weights of convolutions and linear layers alone. For pretraining.</summary>
    Matrices,
}

/// <summary>The shape of the learning rate's decay.</summary>
public enum ScheduleKind
{
    /// <summary><see cref="PolySchedule"/>.</summary>
    Poly,

    /// <summary><see cref="CosineSchedule"/>.</summary>
    Cosine,
}

/// <summary>AdamW's decay rates.</summary>
/// <param name="First">Of the gradient's mean, in [0, 1).</param>
/// <param name="Second">Of its square's mean, in [0, 1).</param>
public readonly record struct Betas(double First, double Second);

/// <summary>A range of ratios.</summary>
/// <param name="Min">Smallest, above 0.</param>
/// <param name="Max">Largest, at least <paramref name="Min"/>.</param>
public readonly record struct RatioRange(double Min, double Max);
