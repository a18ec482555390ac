using System.Runtime.InteropServices;
using Google.Protobuf;

namespace SegNeXt.Export;

/// <summary>Builds an ONNX graph node by node. A node has one output, whose name is the node's own unless said otherwise.</summary>
internal sealed partial class GraphBuilder
{
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    public GraphBuilder(string name) => Graph = new GraphProto { Name = name };

    public GraphProto Graph { get; }

    /// <summary>Adds an operation.</summary>
    /// <param name="name">The node's name, unique in the graph.</param>
    /// <param name="operation">The operation, of opset 17.</param>
    /// <param name="inputs">Names of values; an empty one leaves an optional input out.</param>
    /// <param name="attributes">The operation's attributes.</param>
    /// <param name="output">The output's name, or null for the node's.</param>
    /// <returns>The output's name.</returns>
    public string Add(string name, string operation, string[] inputs, AttributeProto[]? attributes = null, string? output = null)
    {
        NodeProto node = new() { Name = name, OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(output ?? name);
        node.Attribute.AddRange(attributes ?? []);
        Graph.Node.Add(node);
        return node.Output[0];
    }

    /// <summary>Adds a constant of float32 values.</summary>
    public string Floats(string name, ReadOnlyMemory<float> values, params long[] shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values.Span), shape);

    /// <summary>Adds a constant of int64 values, a row.</summary>
    public string Integers(string name, params long[] values) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    /// <summary>A scalar of float32 that many nodes share; added at its first use.</summary>
    public string Scalar(string name, float value) =>
        _constants.Contains(name) ? name : Floats(name, new[] { value });

    public static AttributeProto Integer(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto IntegerList(string name, params long[] values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>Describes a value: a dimension is a <see cref="long"/> or a name.</summary>
    public static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, string text, params object[] dimensions)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(dimensions.Select(dimension => dimension is string symbol
            ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension) }));
        return new ValueInfoProto
        {
            Name = name,
            DocString = text,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }

    private string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> littleEndian, long[] shape)
    {
        // The format is little-endian, and so are the machines that this runs on.
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(littleEndian) };
        tensor.Dims.AddRange(shape);
        Graph.Initializer.Add(tensor);
        _constants.Add(name);
        return name;
    }
}
