using static SegNeXt.Training.ConfigKey;
using Range = SegNeXt.Training.ConfigKey.Range;

namespace SegNeXt.Training;

/// <content>The keys of pretraining.</content>
internal static partial class ConfigKeys
{
    /// <summary>The section that only the training of a classifier has.</summary>
    public const string PretrainSection = "pretrain";

    // A property, since the order in which static fields of several files are set is not defined.
    private static ConfigKey[] PretrainKeys =>
    [
        OptionalNumber("pretrain.epochs", Range.Positive, Pretrain(p => p.Epochs, (p, v) => p with { Epochs = v })),
        OptionalNumber("pretrain.warmup_epochs", Range.NonNegative, Pretrain(p => p.WarmupEpochs, (p, v) => p with { WarmupEpochs = v })),
        OptionalNumber("pretrain.eval_epochs", Range.Positive, Pretrain(p => p.EvalEpochs, (p, v) => p with { EvalEpochs = v })),
        Number("pretrain.holdout", Range.BelowOne, Pretrain(p => p.HoldOut, (p, v) => p with { HoldOut = v })),
        Integer("pretrain.holdout_seed", 0, Pretrain(p => p.HoldOutSeed, (p, v) => p with { HoldOutSeed = v })),
        Of("pretrain.sizes", "a list of sides in pixels, whole numbers of at least 32, such as [96, 128], or null", ParseSizes, v => v is null ? "null" : $"[{string.Join(", ", v)}]", Pretrain(p => p.Sizes, (p, v) => p with { Sizes = v })),
        Pair("pretrain.crop_scale", "[0.08, 1]", Range.PositiveShare, Pretrain(p => (p.CropScale.Min, p.CropScale.Max), (p, v) => p with { CropScale = new(v.Item1, v.Item2) })),
        Pair("pretrain.crop_ratio", "[0.75, 1.3333]", Range.Positive, Pretrain(p => (p.CropRatio.Min, p.CropRatio.Max), (p, v) => p with { CropRatio = new(v.Item1, v.Item2) })),
        OptionalNumber("pretrain.randaugment", Range.UpTo(10), Pretrain(p => p.RandAugment, (p, v) => p with { RandAugment = v })),
        Number("pretrain.randaugment_std", Range.NonNegative, Pretrain(p => p.RandAugmentStd, (p, v) => p with { RandAugmentStd = v })),
        Integer("pretrain.randaugment_layers", 1, Pretrain(p => p.RandAugmentLayers, (p, v) => p with { RandAugmentLayers = v })),
        Number("pretrain.color_jitter", Range.NonNegative, Pretrain(p => p.ColorJitter, (p, v) => p with { ColorJitter = v })),
        Number("pretrain.erase", Range.Share, Pretrain(p => p.Erase, (p, v) => p with { Erase = v })),
        Number("pretrain.mixup", Range.UpTo(8), Pretrain(p => p.Mixup, (p, v) => p with { Mixup = v })),
        Number("pretrain.cutmix", Range.UpTo(8), Pretrain(p => p.Cutmix, (p, v) => p with { Cutmix = v })),
        Number("pretrain.mix_probability", Range.Share, Pretrain(p => p.MixProbability, (p, v) => p with { MixProbability = v })),
        Number("pretrain.switch_probability", Range.Share, Pretrain(p => p.SwitchProbability, (p, v) => p with { SwitchProbability = v })),
        Number("pretrain.label_smoothing", Range.BelowOne, Pretrain(p => p.LabelSmoothing, (p, v) => p with { LabelSmoothing = v })),
        Number("pretrain.eval_crop", Range.PositiveShare, Pretrain(p => p.EvalCrop, (p, v) => p with { EvalCrop = v })),
        OptionalInteger("pretrain.eval_size", 32, 4096, Pretrain(p => p.EvalSize, (p, v) => p with { EvalSize = v })),
    ];

    private static (bool Ok, NumberList? Value) ParseSizes(ConfigValue value)
    {
        if (value.IsNull)
        {
            return (true, null);
        }

        int[] sides = [.. (value.Items ?? [value.Text]).Select(text => int.TryParse(text, out int side) ? side : 0)];
        return sides.Length > 0 && sides.All(side => side is >= 32 and <= 4096) ? (true, new NumberList(sides.Select(side => (double)side))) : (false, null);
    }

    private static Lens<T> Pretrain<T>(Func<PretrainSettings, T> get, Func<PretrainSettings, T, PretrainSettings> set) =>
        new(config => get(config.Pretrain ?? new PretrainSettings()), (config, value) => config with { Pretrain = set(config.Pretrain ?? new PretrainSettings(), value) });
}
