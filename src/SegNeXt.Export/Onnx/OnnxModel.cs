using System.Reflection;
using System.Text;
using System.Text.Json;
using SegNeXt.Core;
using DataType = SegNeXt.Export.TensorProto.Types.DataType;

namespace SegNeXt.Export;

/// <summary>A segmentation model as an ONNX file: the graph, its inputs and outputs, and what a program must know to use it.</summary>
internal static class OnnxModel
{
    /// <summary>Name of the input: normalised pictures <c>[N, 3, H, W]</c>.</summary>
    public const string Input = "image";

    /// <summary>Name of the output without argmax.</summary>
    public const string Logits = "logits";

    /// <summary>Name of the output with argmax.</summary>
    public const string ClassIds = "class_ids";

    /// <summary>The operator set; nothing newer is needed, and runtimes since 2022 have it.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;
    private const string Producer = "SegNeXt.NET";

    /// <summary>Builds the model.</summary>
    /// <exception cref="InputException">The options contradict themselves.</exception>
    public static ModelProto Build(ModelTensors tensors, OnnxOptions options)
    {
        ModelConfig config = tensors.Config;
        options.Validate();
        GraphBuilder builder = new("SegNeXt");
        GraphProto graph = builder.Graph;
        graph.Input.Add(GraphBuilder.Describe(Input, DataType.Float, InputText(config), Dimension("N", 1), 3, Dimension("H", options.Height), Dimension("W", options.Width)));
        string[] stages = new EncoderGraph(builder, tensors, ModelLayout.BackbonePrefix).Add(Input);
        string logits = new DecoderGraph(builder, tensors, options).Add(stages, Logits);
        if (options.ArgMax)
        {
            AddArgMax(builder, logits, config, options);
            graph.Output.Add(GraphBuilder.Describe(ClassIds, DataType.Uint8, "The class of each pixel", Dimension("N", 1), Dimension("H", options.Height), Dimension("W", options.Width)));
        }
        else
        {
            graph.Output.Add(GraphBuilder.Describe(
                Logits, DataType.Float, "Scores before softmax; resize them bilinearly to the picture's size before taking the highest",
                Dimension("N", 1), config.NumClasses, LogitSide("h", options.Height, config), LogitSide("w", options.Width, config)));
        }

        ModelProto model = new()
        {
            IrVersion = IrVersion,
            ProducerName = Producer,
            ProducerVersion = typeof(OnnxModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            DocString = $"SegNeXt (arXiv:2209.08575), {config.NumClasses} classes. {InputText(config)}.",
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        foreach ((string key, string value) in Metadata(config, options))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model;

        object Dimension(string symbol, int? size) => options.IsFixed ? size!.Value : symbol;
    }

    /// <summary>Texts beside the graph; lists are JSON.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Metadata(ModelConfig config, OnnxOptions options)
    {
        ClassSet classes = ClassSet.Of(config);
        return
        [
            new("classes", Json(writer => Array.ForEach(classes.Names, writer.WriteStringValue))),
            new("palette", Json(writer => Array.ForEach(classes.Palette, colour => writer.WriteStringValue($"#{colour:x6}")))),
            new("mean", Json(writer => Array.ForEach(config.Mean, writer.WriteNumberValue))),
            new("std", Json(writer => Array.ForEach(config.Std, writer.WriteNumberValue))),
            new("size", options.SizeText),
            new(ModelConfigJson.MetadataKey, ModelConfigJson.Serialize(config)),
        ];
    }

    private static void AddArgMax(GraphBuilder graph, string logits, ModelConfig config, OnnxOptions options)
    {
        string sizes;
        if (options.IsFixed)
        {
            sizes = graph.Integers("upsample.sizes", 1, config.NumClasses, options.Height!.Value, options.Width!.Value);
        }
        else
        {
            string own = graph.Add("upsample.sizes/own", "Shape", [logits], [GraphBuilder.Integer("start", 0), GraphBuilder.Integer("end", 2)]);
            string sides = graph.Add("upsample.sizes/sides", "Shape", [Input], [GraphBuilder.Integer("start", 2)]);
            sizes = graph.Add("upsample.sizes", "Concat", [own, sides], [GraphBuilder.Integer("axis", 0)]);
        }

        string scores = graph.Resize("upsample", logits, sizes);
        string ids = graph.Add("argmax", "ArgMax", [scores], [GraphBuilder.Integer("axis", 1), GraphBuilder.Integer("keepdims", 0)]);
        graph.Add(ClassIds, "Cast", [ids], [GraphBuilder.Integer("to", (long)DataType.Uint8)]);
    }

    private static object LogitSide(string symbol, int? side, ModelConfig config) =>
        side is { } known ? DecoderGraph.StageSide(known, config.Decoder!.InputStages[0]) : symbol;

    private static string InputText(ModelConfig config) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"RGB pixels of 0 to 255, planes R, G, B, each (value - mean) / std with mean {string.Join(' ', config.Mean)} and std {string.Join(' ', config.Std)}");

    private static string Json(Action<Utf8JsonWriter> items)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            items(writer);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
