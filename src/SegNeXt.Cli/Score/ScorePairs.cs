using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A prediction and the label that it is held against.</summary>
/// <param name="Prediction">File of class ids.</param>
/// <param name="Label">File of true class ids.</param>
internal sealed record ScorePair(string Prediction, string Label)
{
    /// <summary>Pairs the PNG files of two folders by their names without suffix, or by what the format says they share; subfolders included.</summary>
    /// <param name="predictions">Folder of predictions; further files in it, such as overlays, are left alone.</param>
    /// <param name="labels">Folder of labels; each needs a prediction.</param>
    /// <param name="format">Whose rule of names holds.</param>
    /// <exception cref="InputException">A folder is missing or empty, a name occurs twice, or a label has no prediction.</exception>
    public static IReadOnlyList<ScorePair> Find(string predictions, string labels, IdFormat format)
    {
        Dictionary<string, string> predicted = ByName(predictions, format);
        Dictionary<string, string> labelled = ByName(labels, format);
        string[] missing = [.. labelled.Keys.Where(name => !predicted.ContainsKey(name)).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            throw new InputException(
                $"{predictions} holds no prediction for {missing.Length} of the {labelled.Count} labels in {labels}; the first is {missing[0]}.png.");
        }

        return [.. labelled.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ScorePair(predicted[pair.Key], pair.Value))];
    }

    private static Dictionary<string, string> ByName(string folder, IdFormat format)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: there is no such folder.");
        }

        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!string.Equals(Path.GetExtension(file), ".png", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (format.PairName(Path.GetFileNameWithoutExtension(file)) is not { } name)
            {
                continue;
            }

            if (!files.TryAdd(name, file))
            {
                throw new InputException($"{files[name]} and {file} have the same name, so it is unclear which one is meant.");
            }
        }

        return files.Count > 0 ? files : throw new InputException($"{folder} holds no .png file.");
    }
}
