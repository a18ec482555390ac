using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary><c>segnext import</c>: an official checkpoint in, a model file out.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly Argument<string> _input = new("FILE") { Description = "An official .pth file, or any weight file of a SegNeXt" };
    private readonly Option<string?> _output = Opt.Text("--output", "FILE", "The .safetensors file to write", required: true);
    private readonly Option<bool> _half = Opt.Switch("--half", "Store the weights of convolutions in 16 bits: half the size, the same masks but for a pixel in thousands");

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ImportCommand(Terminal terminal)
        : base("import", "Turn an official .pth checkpoint, or any weight file of a SegNeXt, into a model file: weights and config in one.", terminal)
    {
        _output.Aliases.Add("-o");
        Add(_input);
        Add(_output);
        Add(_half);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "segnext_tiny_512x512_ade_160k.pth -o segnext_t_ade.safetensors",
        "runs/camvid-t/best.safetensors --half -o segnext-t-camvid.safetensors",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string input = parse.GetValue(_input)!;
        string output = parse.GetValue(_output)!;
        if (!string.Equals(Path.GetExtension(output), ".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"{output}: a model file's name ends in .safetensors.");
        }

        if (IsSameFile(input, output))
        {
            throw new InputException($"{output} is the file that is read; choose another name for the result.");
        }

        using WeightFile file = WeightFile.Open(input);
        file.Tell(Terminal);
        SafetensorsWriter.Write(output, Tensors(file, parse.GetValue(_half)), Metadata(file));
        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {ModelTitle.Of(file.Config)}{ClassNames(file.Config)}, {file.Match.Loaded} tensors, {new FileInfo(output).Length / 1e6:0.0} MB"));
        return ExitCode.Done;
    }

    /// <summary>The config, and whatever texts a model file brought beside its own: a licence, a training run's name.</summary>
    private static Dictionary<string, string> Metadata(WeightFile file)
    {
        Dictionary<string, string> metadata = ModelConfigJson.Metadata(file.Config);
        if (file.Source is SafetensorsFile)
        {
            foreach ((string key, string value) in file.Source.Metadata)
            {
                metadata.TryAdd(key, value);
            }
        }

        return metadata;
    }

    private static IEnumerable<NamedTensor> Tensors(WeightFile file, bool half)
    {
        foreach (MatchedTensor tensor in file.Match.Tensors)
        {
            yield return half
                ? HalfPrecision.Shrink(file.Source, tensor)
                : NamedTensor.FromSource(file.Source, tensor.NameInFile, tensor.Spec.Name);
        }

        // The released code draws its bases anew each time; from here on they are part of the model.
        if (file.Config.Decoder is { Type: DecoderTypes.Ham } decoder && file.Match.Absent.Contains(ModelLayout.BasesName))
        {
            yield return NamedTensor.FromFloats(
                ModelLayout.BasesName, [1, decoder.HamChannels, decoder.NmfRank], NmfBases.Default(decoder.HamChannels, decoder.NmfRank));
        }
    }

    private static string ClassNames(ModelConfig config) => config.ClassNames is { } names ? $" ({names[0]} … {names[^1]})" : "";

    private static bool IsSameFile(string input, string output)
    {
        static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        return File.Exists(input) && File.Exists(output) && Resolve(input) == Resolve(output);
    }
}
