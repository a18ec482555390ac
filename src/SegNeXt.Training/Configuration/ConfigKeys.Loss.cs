using System.Globalization;
using SegNeXt.Core;
using static SegNeXt.Training.ConfigKey;
using Range = SegNeXt.Training.ConfigKey.Range;

namespace SegNeXt.Training;

/// <content>The keys of the loss.</content>
internal static partial class ConfigKeys
{
    // A property, since the order in which static fields of several files are set is not defined.
    private static ConfigKey[] LossKeys =>
    [
        LossKey(),
        Choice(
            "train.loss_average",
            [("all", LossAverage.All), ("valid", LossAverage.Valid), ("kept", LossAverage.Kept)],
            Loss(l => l.Average, (l, v) => l with { Average = v })),
        Of("train.class_weights", "median_frequency, inverse_frequency, a list of a number of at least 0 for each class, or null", ParseWeights, v => v.ToString(), Loss(l => l.ClassWeights, (l, v) => l with { ClassWeights = v })),
        OptionalNumber("train.ohem_threshold", Range.Share, Loss(l => l.OhemThreshold, (l, v) => l with { OhemThreshold = v })),
        Integer("train.ohem_min_kept", 1, Loss(l => l.OhemMinKept, (l, v) => l with { OhemMinKept = v })),
        Number("train.focal_gamma", Range.NonNegative, Loss(l => l.FocalGamma, (l, v) => l with { FocalGamma = v })),
        Number("train.focal_alpha", Range.Positive, Loss(l => l.FocalAlpha, (l, v) => l with { FocalAlpha = v })),
        Number("train.dice_smooth", Range.NonNegative, Loss(l => l.DiceSmooth, (l, v) => l with { DiceSmooth = v })),
        Number("train.dice_exponent", Range.Positive, Loss(l => l.DiceExponent, (l, v) => l with { DiceExponent = v })),
        Choice("train.lovasz_classes", [("present", LovaszClasses.Present), ("all", LovaszClasses.All)], Loss(l => l.LovaszClasses, (l, v) => l with { LovaszClasses = v })),
        Flag("train.lovasz_per_image", Loss(l => l.LovaszPerImage, (l, v) => l with { LovaszPerImage = v })),
    ];

    private static ConfigKey LossKey()
    {
        Lens<LossFormula> at = Loss(l => l.Formula, (l, v) => l with { Formula = v });
        return new ConfigKey(
            "train.loss",
            (config, entry) =>
            {
                // A list is a sum too.
                string text = entry.Value.Items is { } items ? string.Join(" + ", items) : entry.Value.Text ?? "";
                try
                {
                    return at.Set(config, LossFormula.Parse(text));
                }
                catch (InputException e)
                {
                    throw new InputException($"{entry.Origin}: 'train.loss': {e.Message}{(e.Message.EndsWith('?') ? "" : ".")}", e);
                }
            },
            config => ConfigYaml.Quote(at.Get(config).ToString()));
    }

    private static (bool Ok, ClassWeighting Value) ParseWeights(ConfigValue value)
    {
        if (value.Items is not { } items)
        {
            ClassWeighting? named = value.IsNull ? ClassWeighting.None : value.Text?.ToUpperInvariant() switch
            {
                "MEDIAN_FREQUENCY" => ClassWeighting.MedianFrequency,
                "INVERSE_FREQUENCY" => ClassWeighting.InverseFrequency,
                _ => null,
            };
            return (named is not null, named!);
        }

        List<double> weights = [];
        foreach (string? item in items)
        {
            if (!double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !double.IsFinite(weight) || weight < 0)
            {
                return (false, null!);
            }

            weights.Add(weight);
        }

        return weights.Count == 0 ? (false, null!) : (true, ClassWeighting.Of(weights));
    }

    private static Lens<T> Loss<T>(Func<LossSettings, T> get, Func<LossSettings, T, LossSettings> set) =>
        Train(train => get(train.Loss), (train, value) => train with { Loss = set(train.Loss, value) });
}
