using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>What <c>eval</c> found for a classifier.</summary>
/// <param name="Result">The figures.</param>
/// <param name="Test">How it was tested.</param>
/// <param name="Classes">The classes' names.</param>
/// <param name="Mine">Pictures of the share.</param>
/// <param name="All">Pictures of all shares.</param>
internal sealed record ClassifierFigures(ClassificationResult Result, ClassificationTest Test, IReadOnlyList<string> Classes, int Mine, int All);

/// <summary>What is asked of <c>eval</c> for a classifier's weights.</summary>
/// <param name="Weights">The weights' file.</param>
/// <param name="Split">What to evaluate on; a folder is one of <c>SPLIT/CLASS</c>.</param>
/// <param name="Size">What the network gets, or null for what the configuration or the file says.</param>
/// <param name="CropRatio">Share of the resized picture that is seen, or null likewise.</param>
/// <param name="Flip">Whether the mirrored picture counts too.</param>
/// <param name="Engine">Where and in which number format it runs.</param>
/// <param name="Shard">The share of the pictures to evaluate, or null for all.</param>
internal sealed record ClassifierEval(
    string Weights, LabelledSplit Split, ImageSize? Size, double? CropRatio, bool Flip, EngineOptions Engine, Shard? Shard)
{
    /// <summary>Whether a file holds an image classifier.</summary>
    /// <param name="weights">The file.</param>
    /// <exception cref="InputException">It cannot be read, or holds no model.</exception>
    public static bool Holds(string weights)
    {
        using ITensorSource source = TensorFiles.Open(weights);
        return ModelInspector.Recover(source).Config.Decoder is null;
    }

    /// <summary>Evaluates.</summary>
    /// <param name="terminal">Who is told.</param>
    /// <returns>The figures, and what they are of.</returns>
    /// <exception cref="InputException">Weights or data cannot be used.</exception>
    public ClassifierFigures Run(Terminal terminal)
    {
        Device device = TorchSetup.Open(Engine);
        IClassificationDataSet data = Split.Config is { } config ? ClassificationData.ToEvaluate(config, Split.Split) : ClassFolderDataSet.Open(Split.Root, Split.Name);
        using Generator generator = new(0);
        (MscanClassifier model, LoadReport loaded) = ModelLoader.OpenClassifier(Weights, generator);
        using MscanClassifier owned = model;
        terminal.Note(loaded.ToString());
        RequireClasses(model.Config, data, terminal);
        ClassificationTest test = Test();
        terminal.Note(FormattableString.Invariant($"{test.Height}×{test.Width} of pictures resized to {test.Height / test.CropRatio:0.#}{(test.Flip ? ", mirrored too" : "")}; libtorch {TorchRuntime.Version}, {Engine.Device}"));
        model.To(device);
        model.To(MemoryFormat.ChannelsLast);
        ClassificationResult? result = null;
        IClassificationDataSet mine = Shard is { } share ? new ClassificationDataSetShare(data, share) : data;
        WorkProgress.Run(terminal, "Evaluating", mine.Count, progress => result = ClassificationEvaluator.Run(
            model,
            device,
            mine,
            test,
            count =>
            {
                for (int i = 0; i < count; i++)
                {
                    progress.Advance();
                }
            },
            terminal.Cancellation,
            (_, fault) => terminal.Warn(fault.Message),
            Engine.Precision));
        return result!.Images > 0 || Shard is not null
            ? new ClassifierFigures(result, test, data.Classes, mine.Count, data.Count)
            : throw new InputException("No picture could be evaluated.");
    }

    private ClassificationTest Test()
    {
        using ITensorSource source = TensorFiles.Open(Weights);
        ClassificationTest test = Split.Config is { } config ? ClassificationData.TestOf(config) : ClassificationTest.Of(source.Metadata);
        return test with
        {
            Height = Size?.Height ?? test.Height,
            Width = Size?.Width ?? test.Width,
            CropRatio = CropRatio ?? test.CropRatio,
            Flip = Flip || test.Flip,
        };
    }

    private void RequireClasses(ModelConfig model, IClassificationDataSet data, Terminal terminal)
    {
        string root = Split.Root;
        if (model.NumClasses != data.Classes.Count)
        {
            throw new InputException($"{Weights} tells {model.NumClasses} classes apart, but {root} has {data.Classes.Count} folders of classes.");
        }

        if (model.ClassNames is { } names && !names.SequenceEqual(data.Classes, StringComparer.OrdinalIgnoreCase))
        {
            int first = Enumerable.Range(0, names.Length).First(i => !string.Equals(names[i], data.Classes[i], StringComparison.OrdinalIgnoreCase));
            terminal.Warn($"{Weights} calls class {first} '{names[first]}', {root} calls it '{data.Classes[first]}'; indices are compared, whatever their names.");
        }
    }
}
