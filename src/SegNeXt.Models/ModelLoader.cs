using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>What a loading did.</summary>
/// <param name="Path">The file.</param>
/// <param name="Loaded">Tensors loaded.</param>
/// <param name="Total">Tensors that the network has.</param>
/// <param name="Skipped">Tensors of the file that were left out on purpose, with the reason.</param>
/// <param name="Notes">What was guessed and from what.</param>
public sealed record LoadReport(string Path, int Loaded, int Total, IReadOnlyList<string> Skipped, IReadOnlyList<string> Notes)
{
    /// <summary>What of the network the file was not meant to fill and why, such as a classifier for other classes; else null.</summary>
    public string? New { get; init; }

    /// <summary>The sentence that every loading says.</summary>
    public override string ToString() => $"{Path}: loaded {Loaded} of {Total} tensors{(New is null ? "" : $"; {New}")}";
}

/// <summary>From a weight file to a network.</summary>
public static class ModelLoader
{
    private const string ImageClassifierPrefix = "head.";

    /// <summary>Builds the image classifier that a file holds and loads its weights.</summary>
    /// <param name="path">A <c>.safetensors</c> or official <c>.pth</c> file.</param>
    /// <param name="generator">Source of the model's randomness, should it be trained.</param>
    /// <returns>The model, on the CPU, in evaluation mode, and what loading had to say.</returns>
    /// <exception cref="InputException">The file is damaged, or holds no image classifier, or tensors do not fit.</exception>
    public static (MscanClassifier Model, LoadReport Report) OpenClassifier(string path, Generator generator)
    {
        using ITensorSource source = TensorFiles.Open(path);
        return OpenClassifier(source, generator);
    }

    /// <summary>Builds the segmentation model that a file holds and loads its weights.</summary>
    /// <param name="path">A <c>.safetensors</c> or official <c>.pth</c> file.</param>
    /// <param name="generator">Source of the model's randomness, should it be trained.</param>
    /// <returns>The model, on the CPU, in evaluation mode, and what loading had to say.</returns>
    /// <exception cref="InputException">The file is damaged, or no segmentation model, or tensors do not fit.</exception>
    public static (SegmentationModel Model, LoadReport Report) OpenSegmentationModel(string path, Generator generator)
    {
        using ITensorSource source = TensorFiles.Open(path);
        return OpenSegmentationModel(source, generator);
    }

    /// <summary>As above, from tensors that are open already and are not needed any more afterwards.</summary>
    /// <param name="source">A model file that is open, or <see cref="RandomWeights"/>.</param>
    /// <param name="generator">Source of the model's randomness, should it be trained.</param>
    /// <returns>The model, on the CPU, in evaluation mode, and what loading had to say.</returns>
    /// <exception cref="InputException">The tensors are no segmentation model's, or do not fit.</exception>
    public static (SegmentationModel Model, LoadReport Report) OpenSegmentationModel(ITensorSource source, Generator generator)
    {
        RecoveredModel recovered = ModelInspector.Recover(source);
        if (recovered.Config.Decoder is null)
        {
            throw new InputException($"{source.Path} holds an image classifier (MSCAN with {recovered.Config.NumClasses} classes), which has no decoder to segment with; `train --init` starts a segmentation model from it.");
        }

        var model = new SegmentationModel(recovered.Config, generator);
        model.Eval();
        return (model, Load(model, source, recovered, recovered.NameMap, null));
    }

    /// <summary>Builds the image classifier that is in open tensors, which are not needed any more afterwards, and loads its weights.</summary>
    /// <param name="source">A model file that is open, or <see cref="RandomWeights"/>.</param>
    /// <param name="generator">Source of the model's randomness, should it be trained.</param>
    /// <returns>The model, on the CPU, in evaluation mode, and what loading had to say.</returns>
    /// <exception cref="InputException">The tensors are no image classifier's, or do not fit.</exception>
    public static (MscanClassifier Model, LoadReport Report) OpenClassifier(ITensorSource source, Generator generator)
    {
        RecoveredModel recovered = ModelInspector.Recover(source);
        if (recovered.Config.Decoder is not null)
        {
            throw new InputException($"{source.Path} holds a segmentation model, which does not classify whole pictures.");
        }

        var model = new MscanClassifier(recovered.Config, generator);
        model.Eval();
        return (model, Load(model, source, recovered, recovered.NameMap, null));
    }

    /// <summary>Starts training from a file: all of it where the classes agree, else everything but the classifier, or the encoder alone.</summary>
    /// <param name="model">The model to fill.</param>
    /// <param name="path">Weights of the same encoder: a segmentation model, or MSCAN's image classifier.</param>
    /// <returns>What was loaded, out of what the file was meant to fill, and in <see cref="LoadReport.New"/> what keeps its initial values.</returns>
    /// <exception cref="InputException">The encoder is another one; all tensors that do not fit are named.</exception>
    public static LoadReport Initialise(Network model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using ITensorSource source = TensorFiles.Open(path);
        RecoveredModel recovered = ModelInspector.Recover(source);
        if (model.Config.Decoder is null)
        {
            return InitialiseClassifier(model, source, recovered);
        }

        if (recovered.Config.Decoder is not { } decoder)
        {
            MatchOptions encoderAlone = new() { LeaveOut = spec => !spec.Name.StartsWith(ModelLayout.BackbonePrefix, StringComparison.Ordinal) };
            return Begin(model, source, recovered, ModelInspector.BackboneMap(source), encoderAlone, "decoder new (the file holds an encoder)");
        }

        DecoderConfig own = model.Config.Decoder!;
        bool sameType = decoder.Type == own.Type && decoder.InputStages.AsSpan().SequenceEqual(own.InputStages);
        bool sameDecoder = sameType && decoder.HamChannels == own.HamChannels && decoder.Channels == own.Channels;
        bool sameClasses = recovered.Config.NumClasses == model.Config.NumClasses;
        MatchOptions options = new()
        {
            LeaveOut = spec =>
                (!sameDecoder && spec.Name.StartsWith(ModelLayout.DecoderPrefix, StringComparison.Ordinal)) ||
                (!sameClasses && spec.Name.StartsWith(ModelLayout.ClassifierPrefix(own.Type), StringComparison.Ordinal)) ||
                spec.Name == ModelLayout.BasesName,
        };
        string? fresh = !sameType ? $"decoder new ({Words(decoder)} in the file, {Words(own)} here)"
            : !sameDecoder ? $"decoder new ({Width(decoder)} channels in the file, {Width(own)} here)"
            : !sameClasses ? $"classifier new ({recovered.Config.NumClasses} classes in the file, {model.Config.NumClasses} here)"
            : OtherNames(recovered.Config, model.Config);
        return Begin(model, source, recovered, sameType ? recovered.NameMap : ModelInspector.BackboneMap(source), options, fresh);

        static string Words(DecoderConfig config) => $"{config.Type} on stages {string.Join(", ", config.InputStages.Select(stage => stage + 1))}";
        static int Width(DecoderConfig config) => DecoderTypes.HasContext(config.Type) ? config.HamChannels : config.Channels;
    }

    /// <summary>As many classes, but others: the classifier is as good a beginning as any, which the user should know.</summary>
    private static string? OtherNames(ModelConfig file, ModelConfig model)
    {
        if (file.ClassNames is not { } names || model.ClassNames is not { } wanted)
        {
            return null;
        }

        int at = Enumerable.Range(0, names.Length).FirstOrDefault(i => !string.Equals(names[i], wanted[i], StringComparison.OrdinalIgnoreCase), -1);
        return at < 0 ? null : $"classifier kept, though the file calls class {at} '{names[at]}' and the data set '{wanted[at]}'";
    }

    private static LoadReport InitialiseClassifier(Network model, ITensorSource source, RecoveredModel recovered)
    {
        if (recovered.Config.Decoder is not null)
        {
            Dictionary<string, string> encoder = ModelInspector.BackboneMap(source)
                .ToDictionary(entry => entry.Key[ModelLayout.BackbonePrefix.Length..], entry => entry.Value, StringComparer.Ordinal);
            return Begin(model, source, recovered, encoder, WithoutClassifier, "classifier new (the file holds a segmentation model)");
        }

        bool sameClasses = recovered.Config.NumClasses == model.Config.NumClasses;
        return sameClasses
            ? Begin(model, source, recovered, recovered.NameMap, new MatchOptions(), OtherNames(recovered.Config, model.Config))
            : Begin(model, source, recovered, recovered.NameMap, WithoutClassifier, $"classifier new ({recovered.Config.NumClasses} classes in the file, {model.Config.NumClasses} here)");
    }

    private static MatchOptions WithoutClassifier => new() { LeaveOut = spec => spec.Name.StartsWith(ImageClassifierPrefix, StringComparison.Ordinal) };

    private static LoadReport Begin(
        Network model, ITensorSource source, RecoveredModel recovered, IReadOnlyDictionary<string, string> names, MatchOptions options, string? fresh)
    {
        LoadReport report = Load(model, source, recovered, names, options);

        // The matcher threw if anything else was amiss: what is not loaded is what was left out.
        return report with { Total = report.Loaded, New = fresh };
    }

    private static LoadReport Load(
        Network model, ITensorSource source, RecoveredModel recovered, IReadOnlyDictionary<string, string> names, MatchOptions? options)
    {
        IReadOnlyList<TensorSpec> expected = [.. ModelLayout.Enumerate(model.Config), .. ModelLayout.OptionalBases(model.Config)];
        MatchResult match = StateMatcher.Match(source, expected, names, options);
        ModelState.Load(model, source, match);
        return new LoadReport(source.Path, match.Loaded, match.Total, recovered.Skipped, recovered.Notes);
    }
}
