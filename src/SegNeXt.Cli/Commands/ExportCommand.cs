using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Export;
using SegNeXt.Inference;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext export</c>: a model file in, an ONNX file or a PyTorch checkpoint out.</summary>
internal sealed class ExportCommand : CliCommand
{
    private const string Dynamic = "dynamic";
    private const int DefaultClasses = 150;

    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file");
    private readonly Option<string?> _model = Opt.Choice("--model", "In place of --weights: this size with random weights, for timing and trying out", [.. ModelConfig.PresetNames]);
    private readonly Option<int?> _classes = Opt.Whole("--classes", "Number of classes, with --model; 150 unless said otherwise", 1, ClassSet.MaxClasses, "K");
    private readonly VariantArguments _variant = new();
    private readonly Option<string?> _format = Opt.Choice("--format", "onnx, or pth for the released PyTorch code; as the name of FILE ends unless said otherwise", "onnx", "pth");
    private readonly Option<string?> _output = Opt.Text("--output", "FILE", "The file to write", required: true);
    private readonly Option<string?> _size = Opt.Text("--size", "HxW|dynamic", "Size of the pictures that an ONNX file takes, or any size and number of pictures; dynamic unless said otherwise");
    private readonly Option<bool> _argMax = Opt.Switch("--argmax", "The ONNX file gives class ids at the picture's size (uint8) in place of logits");

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ExportCommand(Terminal terminal)
        : base("export", "Write a model as an ONNX file, checked against the engine first, or as a PyTorch checkpoint.", terminal)
    {
        _output.Aliases.Add("-o");
        Add(_weights);
        Add(_model);
        Add(_classes);
        _variant.AddTo(this);
        Add(_format);
        Add(_output);
        Add(_size);
        Add(_argMax);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--weights best.safetensors --format onnx -o best.onnx",
        "--weights best.safetensors --format onnx --size 1024x2048 --argmax -o best.onnx",
        "--weights best.safetensors --format pth -o best.pth",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string output = parse.GetValue(_output)!;
        string format = ReadFormat(parse, output);
        OnnxOptions options = ReadOptions(parse, format);
        using WeightFile file = Open(parse, output);
        if (format == "pth")
        {
            WritePth(output, file.Tensors);
        }
        else
        {
            WriteOnnx(output, file.Tensors, options);
        }

        return ExitCode.Done;
    }

    private WeightFile Open(ParseResult parse, string output)
    {
        if (parse.GetValue(_weights) is not { } weights)
        {
            string size = parse.GetValue(_model) ?? throw new InputException("export needs --weights W, or --model t|s|b|l for a model with random weights.");
            return WeightFile.Of(new RandomWeights(_variant.Apply(parse, ModelConfig.Preset(size, parse.GetValue(_classes) ?? DefaultClasses))));
        }

        string? given = new Option[] { _model, _classes }.FirstOrDefault(option => parse.GetResult(option) is not null)?.Name ?? _variant.Given(parse);
        if (given is not null)
        {
            throw new InputException($"{given} and --weights exclude each other: the file says what the model is.");
        }

        if (Path.GetFullPath(weights) == Path.GetFullPath(output))
        {
            throw new InputException($"{output} is the file that is read; choose another name for the result.");
        }

        WeightFile file = WeightFile.Open(weights);
        file.Tell(Terminal);
        return file;
    }

    private string ReadFormat(ParseResult parse, string output)
    {
        string extension = Path.GetExtension(output).ToLowerInvariant();
        string? format = parse.GetValue(_format) ?? extension switch
        {
            ".onnx" => "onnx",
            ".pth" or ".pt" => "pth",
            _ => throw new InputException($"{output}: say --format onnx or --format pth; the file's name does not tell."),
        };
        return (format, extension) is ("onnx", ".pth" or ".pt" or ".safetensors") or ("pth", ".onnx" or ".safetensors")
            ? throw new InputException($"{output}: a file in the format {format} does not end in {extension}.")
            : format;
    }

    private OnnxOptions ReadOptions(ParseResult parse, string format)
    {
        string? size = parse.GetValue(_size);
        if (format == "pth" && (size is not null || parse.GetValue(_argMax)))
        {
            throw new InputException($"{(size is not null ? _size.Name : _argMax.Name)} belongs to --format onnx.");
        }

        OnnxOptions options = new() { ArgMax = parse.GetValue(_argMax) };
        if (size is null || string.Equals(size, Dynamic, StringComparison.OrdinalIgnoreCase))
        {
            return options;
        }

        return ImageSize.TryParse(size, out ImageSize pixels)
            ? options with { Height = pixels.Height, Width = pixels.Width }
            : throw new InputException($"--size is '{size}'; expected rows x columns such as 512x512, each from 1 to {ImageSize.MaxSide}, or dynamic; see segnext export --help.");
    }

    private void WritePth(string output, ModelTensors tensors)
    {
        PthReport written = PthExport.Write(output, tensors);
        if (written.LeftBasesOut)
        {
            Terminal.Note("  note: the fixed NMF bases are left out: the released code draws its own at every call and loads no others.");
        }

        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{output}: {ModelTitle.Of(tensors.Config)}, {written.Tensors} tensors, {written.Bytes / 1e6:0.0} MB"));
    }

    private void WriteOnnx(string output, ModelTensors tensors, OnnxOptions options)
    {
        OnnxExport.Require(tensors);
        using ManagedSegmenter engine = ManagedSegmenter.Open(tensors);
        OnnxReport report = OnnxExport.Write(output, tensors, options, engine);
        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {ModelTitle.Of(tensors.Config)}, opset {report.OperatorSet}, {report.Input} → {report.Output}, {report.Bytes / 1e6:0.0} MB; checked: logits within {report.Difference:0.0e+0} of their range of the engine's"));
    }
}
