using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext explain</c>: Grad-CAM, where a network looks for a class.</summary>
internal sealed class ExplainCommand : CliCommand
{
    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or .pth file: a segmentation model or an image classifier", required: true);
    private readonly Option<string?> _image = Opt.Text("--image", "I", "The picture (JPEG, PNG)", required: true);
    private readonly Option<string?> _class = Opt.Text("--class", "NAME", "The class, by its name or its number from 0; for a classifier the one it finds unless said otherwise");
    private readonly Option<string?> _layer = Opt.Choice("--layer", "Whose feature map; stage4 unless said otherwise", [.. Enum.GetNames<ExplainedLayer>().Select(name => name.ToLowerInvariant())]);
    private readonly Option<PixelWindow?> _region = Opt.Region("--region", "A part of the picture whose pixels count: column and row of its corner, width, height; the whole picture unless said otherwise");
    private readonly Option<string?> _over = Opt.Choice("--over", "Pixels whose logits add up to the score: those predicted as the class, or all; predicted unless said otherwise, all with --region", "predicted", "all");
    private readonly Option<ImageSize?> _resize = Opt.Box("--resize", "Fit the picture into this box for the network, its proportions kept; its own size unless said otherwise, for a classifier a shorter side as its file says, or of 224");
    private readonly Option<string?> _out = Opt.Text("-o", "O.png", "Where the picture goes", required: true);
    private readonly Option<string?> _npy = Opt.Text("--npy", "FILE.npy", "Write the map too: float32 [1,H,W] at the picture's size, 0 to 1");
    private readonly Option<string?> _device = Opt.Text("--device", "cpu|cuda[:N]", "Where libtorch runs; cpu unless said otherwise");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public ExplainCommand(Terminal terminal)
        : base("explain", "Show where a network looks for a class (Grad-CAM): a heat map over the picture.", terminal)
    {
        Add(_weights);
        Add(_image);
        Add(_class);
        Add(_layer);
        Add(_region);
        Add(_over);
        Add(_resize);
        Add(_out);
        Add(_npy);
        Add(_device);
        Add(_threads);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--weights best.safetensors --image street.png --class car -o car.png",
        "--weights best.safetensors --image street.png --class car --region 300,180,120,80 --layer stage3 -o car.png",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        _json.Check(parse);
        string output = parse.GetValue(_out)!;
        if (!output.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"{output}: the heat map is written as PNG; give a name that ends in .png.");
        }

        string path = parse.GetValue(_image)!;
        RgbImage image = ImageFile.ReadRgb(path);
        using Explainer explainer = Explainer.Open(parse.GetValue(_weights)!, new EngineOptions(parse.GetValue(_device) ?? "cpu", parse.GetValue(_threads)));
        Terminal.Note(explainer.Loaded.ToString());
        ImageSize? box = parse.GetValue(_resize);
        ExplainOptions options = new(0)
        {
            Layer = parse.GetValue(_layer) is { } layer ? Enum.Parse<ExplainedLayer>(layer, ignoreCase: true) : ExplainedLayer.Stage4,
            Region = parse.GetValue(_region),
            Over = parse.GetValue(_over) is { } over ? Enum.Parse<ExplainedPixels>(over, ignoreCase: true) : null,
            BoxWidth = box?.Width ?? 0,
            BoxHeight = box?.Height ?? 0,
        };
        options = options with
        {
            ClassId = parse.GetValue(_class) is { } name
                ? ClassChoice.Find(explainer.Config, name, parse.GetValue(_weights)!)
                : explainer.Config.Decoder is null
                    ? explainer.Classify(image, options)
                    : throw new InputException($"Say which class with --class: {ClassChoice.List(explainer.Config)}."),
        };
        if (explainer.Refusal(options) is { } refusal)
        {
            throw new InputException($"{parse.GetValue(_weights)}: {refusal}");
        }

        Explanation found = Explain(explainer, image, options, path);
        if (found.Activation.Values.Max() <= 0)
        {
            Terminal.Warn($"{options.Layer.ToString().ToLowerInvariant()} nowhere speaks for '{ClassChoice.Name(explainer.Config, options.ClassId)}' in {path}: the map is 0 everywhere.");
        }

        string caption = Caption(explainer.Config, options, found);
        PngWriter.WriteRgb(output, HeatMapPicture.Draw(image, found.Map, caption, options.Region));
        if (parse.GetValue(_npy) is { } npy)
        {
            NpyWriter.Write(npy, new LogitMap(1, found.Height, found.Width, found.Map));
        }

        _json.Present(
            parse,
            Terminal,
            json => Write(json, path, explainer.Config, options, found),
            onError => Terminal.Show(new Spectre.Console.Text($"{caption}{Environment.NewLine}{output}{Environment.NewLine}"), onError));
        return ExitCode.Done;
    }

    private static Explanation Explain(Explainer explainer, RgbImage image, ExplainOptions options, string path)
    {
        try
        {
            return explainer.Explain(image, options);
        }
        catch (Exception error) when (PictureFault.Of(error, path, "make it smaller with --resize WxH") is { } fault)
        {
            throw fault;
        }
    }

    private static string Caption(ModelConfig model, ExplainOptions options, Explanation found)
    {
        string name = ClassChoice.Name(model, options.ClassId);
        string layer = options.Layer.ToString().ToLowerInvariant();
        return found.Over switch
        {
            null => string.Create(CultureInfo.InvariantCulture, $"{name}, {layer}: logit {found.Activation.Score:0.00}, probability {found.Predicted * 100:0.0} %"),
            ExplainedPixels.All => string.Create(CultureInfo.InvariantCulture, $"{name}, {layer}: all {found.Pixels} pixels{(options.Region is null ? "" : " of the region")}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}, {layer}: the {found.Pixels} pixels predicted as it ({found.Predicted * 100:0.0} %)"),
        };
    }

    private static void Write(Utf8JsonWriter json, string path, ModelConfig model, ExplainOptions options, Explanation found)
    {
        int peak = Array.IndexOf(found.Map, found.Map.Max());
        json.WriteStartObject();
        json.WriteString("image", path);
        json.WriteNumber("class", options.ClassId);
        json.WriteString("name", ClassChoice.Name(model, options.ClassId));
        json.WriteString("layer", options.Layer.ToString().ToLowerInvariant());
        json.WriteStartArray("layer_size");
        json.WriteNumberValue(found.Activation.Height);
        json.WriteNumberValue(found.Activation.Width);
        json.WriteEndArray();
        json.WriteString("over", found.Over?.ToString().ToLowerInvariant());
        json.WriteNumber("pixels", found.Pixels);
        json.WriteNumber("score", found.Activation.Score);
        json.WriteNumber(found.Over is null ? "probability" : "predicted", found.Predicted);
        json.WriteNumber("largest", found.Activation.Values.Max());
        json.WriteStartObject("peak");
        json.WriteNumber("x", peak % found.Width);
        json.WriteNumber("y", peak / found.Width);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
