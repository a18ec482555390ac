using Google.Protobuf;
using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>Writes segmentation models as ONNX files.</summary>
public static class OnnxExport
{
    /// <summary>
    /// Writes a model and, before that, checks the file: its structure, its shapes for pictures of many sizes, and its logits
    /// (and class ids) on small pictures against an engine's. A file that does not pass is not written.
    /// </summary>
    /// <param name="path">Where the file goes; replaced as a whole or not at all.</param>
    /// <param name="tensors">The weights. Batch norms and layer scales are folded into the convolutions beside them.</param>
    /// <param name="options">Size, and whether the graph ends with class ids.</param>
    /// <param name="reference">An engine with the same weights.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="InputException">The model is no segmentation model, its logits are not finite, the graph differs from the engine, or the path cannot be written.</exception>
    public static OnnxReport Write(string path, ModelTensors tensors, OnnxOptions options, ISegmenter reference)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reference);
        Require(tensors);
        ModelProto model = OnnxModel.Build(tensors, options);
        byte[] bytes = model.ToByteArray();
        double difference = OnnxVerifier.Verify(bytes, tensors, options, reference);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return new OnnxReport(Describe(model.Graph.Input[0]), Describe(model.Graph.Output[0]), OnnxModel.OperatorSet, model.Graph.Node.Count, bytes.LongLength, difference);
    }

    /// <summary>Refuses what has no graph, before an engine is opened to compare with.</summary>
    /// <param name="tensors">The weights.</param>
    /// <exception cref="InputException">They are no segmentation model's, or a variant's that the export does not have.</exception>
    public static void Require(ModelTensors tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ModelConfig config = tensors.Config;
        if (config.Decoder is null)
        {
            throw new InputException($"{tensors.Path} holds an image classifier (MSCAN with {config.NumClasses} classes), which has no decoder to segment with; only segmentation models are exported to ONNX.");
        }

        if (ModelVariant.BeyondFixedGraph(config) is { } variant)
        {
            throw new InputException($"{tensors.Path} holds a model with {variant}; the export to ONNX has SegNeXt with MSCA and the Hamburger decoder alone (--format pth writes any model).");
        }
    }

    private static string Describe(ValueInfoProto value)
    {
        IEnumerable<string> sides = value.Type.TensorType.Shape.Dim.Select(side => side.HasDimParam ? side.DimParam : $"{side.DimValue}");
        return $"{value.Name} {((TensorProto.Types.DataType)value.Type.TensorType.ElemType == TensorProto.Types.DataType.Float ? "float32" : "uint8")} [{string.Join(", ", sides)}]";
    }
}

/// <summary>What an export to ONNX wrote.</summary>
/// <param name="Input">The input's name, type and shape.</param>
/// <param name="Output">The output's name, type and shape.</param>
/// <param name="OperatorSet">The operator set.</param>
/// <param name="Nodes">Number of operations.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Difference">Largest difference of logits from the engine's, as a share of their range.</param>
public sealed record OnnxReport(string Input, string Output, int OperatorSet, int Nodes, long Bytes, double Difference);
