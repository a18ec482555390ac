using System.Globalization;
using System.Security.Cryptography;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>What one share of an evaluation counted, and of what, so that parts of different evaluations are never added.</summary>
/// <param name="Shard">Which share.</param>
/// <param name="Weights">The weights' file name.</param>
/// <param name="Sha256">The weights' SHA-256.</param>
/// <param name="Settings">Everything else that the figures depend on, as text.</param>
/// <param name="Names">The classes' names.</param>
/// <param name="Pictures">Number of pictures of all shares together.</param>
/// <param name="Images">Pictures of this share that were counted.</param>
/// <param name="Failed">Pictures of this share that could not be evaluated.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="Counts">Of a segmentation: <see cref="ConfusionMatrix.ToCounts"/>; else null.</param>
/// <param name="Top1">Of a classifier: pictures whose class has the highest score.</param>
/// <param name="Top5">Of a classifier: pictures whose class is among the five highest.</param>
internal sealed record EvalPart(
    Shard Shard, string Weights, string Sha256, string Settings, IReadOnlyList<string> Names,
    int Pictures, int Images, int Failed, double Seconds, long[]? Counts, long Top1, long Top5)
{
    /// <summary>Whether a classifier was evaluated.</summary>
    public bool IsClassifier => Counts is null;

    /// <summary>A share of a segmentation's evaluation.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="weights">The weights' file.</param>
    /// <param name="settings">Everything else that the figures depend on.</param>
    /// <param name="names">The classes' names.</param>
    /// <param name="all">Pictures of all shares.</param>
    /// <param name="mine">Pictures of this one.</param>
    /// <param name="result">What was counted.</param>
    /// <exception cref="InputException">The weights' file cannot be read.</exception>
    public static EvalPart Of(Shard shard, string weights, string settings, IReadOnlyList<string> names, int all, int mine, EvaluationResult result) => new(
        shard, Path.GetFileName(weights), Hash(weights), settings, names, all, result.Images, mine - result.Images, result.Seconds, result.Confusion.ToCounts(), 0, 0);

    /// <summary>A share of a classifier's evaluation.</summary>
    /// <inheritdoc cref="Of(Shard, string, string, IReadOnlyList{string}, int, int, EvaluationResult)"/>
    public static EvalPart Of(Shard shard, string weights, string settings, IReadOnlyList<string> names, int all, int mine, ClassificationResult result)
    {
        // A share of n pictures times n is a whole number but for rounding.
        long Count(double share) => result.Images == 0 ? 0 : (long)Math.Round(share * result.Images);
        return new EvalPart(
            shard, Path.GetFileName(weights), Hash(weights), settings, names, all, result.Images, mine - result.Images, result.Seconds, null, Count(result.Top1), Count(result.Top5));
    }

    /// <summary>How pictures go through the network, as text.</summary>
    /// <param name="test">The options.</param>
    public static string Describe(TestOptions test) => string.Create(CultureInfo.InvariantCulture, $"{test.Mode switch
    {
        TestMode.Slide => string.Create(CultureInfo.InvariantCulture, $"windows of {test.CropHeight}x{test.CropWidth} every {test.StrideHeight}x{test.StrideWidth}"),
        _ => "whole pictures",
    }}, scales {string.Join(' ', test.Scales.Select(scale => scale.ToString(CultureInfo.InvariantCulture)))}{(test.Flip ? " and mirrored" : "")}, box {test.BoxWidth}x{test.BoxHeight}, sides in multiples of {test.SizeDivisor}");

    /// <summary>The figures of a segmentation.</summary>
    public EvaluationResult ToSegmentation()
    {
        ConfusionMatrix confusion = new(Names.Count);
        confusion.AddCounts(Counts);
        return new EvaluationResult(confusion, Images, Seconds);
    }

    /// <summary>The figures of a classifier.</summary>
    public ClassificationResult ToClassification() => new((double)Top1 / Images, (double)Top5 / Images, null, Images, Seconds);

    private static string Hash(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(path, error);
        }
    }

    /// <summary>Adds all parts of one evaluation up. Since they are counts, the figures are those of one run, to the last bit.</summary>
    /// <param name="parts">The parts and what to call each in errors, in any order.</param>
    /// <returns>The whole, as shard 0/1; its time is the longest part's.</returns>
    /// <exception cref="InputException">They are not of one evaluation, or not all of its parts, each once.</exception>
    public static EvalPart Merge(IReadOnlyList<(string Source, EvalPart Part)> parts)
    {
        (string firstSource, EvalPart first) = parts[0];
        Dictionary<int, string> seen = [];
        foreach ((string source, EvalPart part) in parts)
        {
            foreach ((string what, object mine, object theirs) in new (string, object, object)[]
            {
                ("is a part of", part.Shard.Count, first.Shard.Count),
                ("was made with weights", $"{part.Weights} ({part.Sha256[..8]}…)", $"{first.Weights} ({first.Sha256[..8]}…)"),
                ("was made of", part.Settings, first.Settings),
                ("has classes", string.Join(", ", part.Names), string.Join(", ", first.Names)),
                ("is of a data set with this number of pictures:", part.Pictures, first.Pictures),
            })
            {
                if (!mine.Equals(theirs))
                {
                    throw new InputException($"{source} {what} {mine}, but {firstSource} {theirs}; parts of one evaluation are needed.");
                }
            }

            if (!seen.TryAdd(part.Shard.Index, source))
            {
                throw new InputException($"{seen[part.Shard.Index]} and {source} are both shard {part.Shard}.");
            }
        }

        int[] missing = [.. Enumerable.Range(0, first.Shard.Count).Where(index => !seen.ContainsKey(index))];
        return missing.Length > 0
            ? throw new InputException($"Of {first.Shard.Count} parts {missing.Length} {(missing.Length == 1 ? "is" : "are")} missing: shard {string.Join(", ", missing.Take(10).Select(index => new Shard(index, first.Shard.Count)))}{(missing.Length > 10 ? ", …" : "")}.")
            : first with
            {
                Shard = new Shard(0, 1),
                Images = parts.Sum(part => part.Part.Images),
                Failed = parts.Sum(part => part.Part.Failed),
                Seconds = parts.Max(part => part.Part.Seconds),
                Top1 = parts.Sum(part => part.Part.Top1),
                Top5 = parts.Sum(part => part.Part.Top5),
                Counts = first.Counts is null ? null : [.. Enumerable.Range(0, first.Counts.Length).Select(i => parts.Sum(part => part.Part.Counts![i]))],
            };
    }
}
