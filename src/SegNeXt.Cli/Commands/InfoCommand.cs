using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary><c>segnext info</c>: what a model is and what it costs.</summary>
internal sealed class InfoCommand : CliCommand
{
    private const int DefaultClasses = 150;
    private const int DefaultSide = 512;
    private const int ClassifierClasses = 1000;
    private const int ClassifierSide = 224;

    private readonly Option<string?> _model = Opt.Choice("--model", "Size of the model; t unless said otherwise", [.. ModelConfig.PresetNames]);
    private readonly VariantArguments _variant = new(withoutDecoder: true);
    private readonly Option<int?> _classes = Opt.Whole("--classes", "Number of classes; 150 unless said otherwise (1000 without decoder)", 1, 100_000, "K");
    private readonly Option<ImageSize?> _size = Opt.Size("--size", "Size of the picture; 512x512 unless said otherwise (224x224 without decoder)");
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or .pth file whose model is described instead");
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public InfoCommand(Terminal terminal)
        : base("info", "Describe a model: layers by stage, parameters, multiply-adds.", terminal)
    {
        Add(_model);
        _variant.AddTo(this);
        Add(_classes);
        Add(_size);
        Add(_weights);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--model b --classes 19 --size 1024x2048",
        "--model b --decoder nl",
        "--weights best.safetensors --json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        ModelConfig config = parse.GetValue(_weights) is { } weights ? FromWeights(parse, weights) : FromOptions(parse);
        int side = config.Decoder is null ? ClassifierSide : DefaultSide;
        ImageSize size = parse.GetValue(_size) ?? new ImageSize(side, side);
        ComplexityReport report = ModelComplexity.Count(config, size.Height, size.Width);
        _json.Present(parse, Terminal, json => WriteJson(json, config, report), onError => Show(config, report, onError));
        return ExitCode.Done;
    }

    private ModelConfig FromOptions(ParseResult parse)
    {
        string model = parse.GetValue(_model) ?? "t";
        return _variant.Apply(parse, _variant.IsClassifier(parse)
            ? ModelConfig.Classifier(model, parse.GetValue(_classes) ?? ClassifierClasses)
            : ModelConfig.Preset(model, parse.GetValue(_classes) ?? DefaultClasses));
    }

    private ModelConfig FromWeights(ParseResult parse, string path)
    {
        string? given = new Option[] { _model, _classes }.FirstOrDefault(option => parse.GetResult(option) is not null)?.Name ?? _variant.Given(parse);
        if (given is not null)
        {
            throw new InputException($"{given} and --weights exclude each other: the file says what the model is.");
        }

        using WeightFile file = WeightFile.Open(path);
        file.Tell(Terminal);
        return file.Config;
    }

    private static void WriteJson(Utf8JsonWriter json, ModelConfig config, ComplexityReport report)
    {
        json.WriteStartObject();
        json.WriteString("model", config.Name);
        json.WriteNumber("classes", config.NumClasses);
        WriteSizes(json, "size", [report.Height, report.Width]);
        json.WriteNumber("parameters", report.Parameters);
        json.WriteNumber("encoder_parameters", report.EncoderParameters);
        json.WriteNumber("gmacs", report.Gmacs);
        json.WriteStartArray("stages");
        foreach (StageComplexity stage in report.Stages)
        {
            json.WriteStartObject();
            json.WriteString("name", stage.Name);
            WriteSizes(json, "output", stage.Output);
            json.WriteNumber("parameters", stage.Parameters);
            json.WriteNumber("gmacs", stage.Gmacs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // On one line, which an indenting writer would not do.
    private static void WriteSizes(Utf8JsonWriter json, string name, ReadOnlySpan<int> sizes)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", sizes.ToArray())}]");
    }

    private void Show(ModelConfig config, ComplexityReport report, bool onError)
    {
        Table table = new Table()
            .Title(Markup.Escape($"{ModelTitle.Of(config)}, {report.Height}x{report.Width}"))
            .Border(TableBorder.Simple)
            .AddColumn("part")
            .AddColumn(new TableColumn("output C, H, W").RightAligned())
            .AddColumn(new TableColumn("parameters").RightAligned())
            .AddColumn(new TableColumn("G multiply-adds").RightAligned());
        foreach (StageComplexity stage in report.Stages)
        {
            table.AddRow(Markup.Escape(stage.Name), string.Join(", ", stage.Output), Grouped(stage.Parameters), Giga(stage.Gmacs));
        }

        table.AddEmptyRow();
        StageComplexity[] encoder = [.. report.Stages.Take(config.Encoder.EmbedDims.Length)];
        table.AddRow("encoder", "", Grouped(report.EncoderParameters), Giga(encoder.Sum(stage => stage.Gmacs)));
        table.AddRow("all", "", Grouped(report.Parameters), Giga(report.Gmacs));
        Terminal.Show(table, onError);
    }

    private static string Grouped(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    private static string Giga(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
