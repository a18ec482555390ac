using System.Runtime.InteropServices;
using SegNeXt.Core;
using DataType = SegNeXt.Export.TensorProto.Types.DataType;

namespace SegNeXt.Export;

/// <summary>
/// The type and shape of every value of a graph for given sizes of its input. Values that hold shapes themselves are
/// computed, since shapes depend on them.
/// </summary>
internal sealed class ShapeInference
{
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);

    private ShapeInference()
    {
    }

    /// <summary>Infers all shapes.</summary>
    /// <param name="graph">A graph in which <see cref="GraphCheck"/> finds no fault.</param>
    /// <param name="picture">The input's sizes <c>[N, 3, H, W]</c>.</param>
    /// <exception cref="InputException">A node's inputs do not fit together, or an output is not what the graph declares.</exception>
    public static IReadOnlyDictionary<string, GraphValue> Infer(GraphProto graph, int[] picture)
    {
        ShapeInference inference = new();
        Declare(graph.Input[0], new GraphValue(DataType.Float, picture));
        inference._values[graph.Input[0].Name] = new GraphValue(DataType.Float, picture);
        foreach (TensorProto constant in graph.Initializer)
        {
            int[] shape = [.. constant.Dims.Select(side => (int)side)];
            inference._values[constant.Name] = constant.DataType == (int)DataType.Int64
                ? new GraphValue(DataType.Int64, shape, MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray())
                : new GraphValue(DataType.Float, shape);
        }

        foreach (NodeProto node in graph.Node)
        {
            inference._values[node.Output[0]] = inference.Infer(node);
        }

        Declare(graph.Output[0], inference._values[graph.Output[0].Name]);
        return inference._values;
    }

    /// <summary>Holds a value against what the graph says of it; a name fits any size.</summary>
    private static void Declare(ValueInfoProto declared, GraphValue value)
    {
        TypeProto.Types.Tensor type = declared.Type.TensorType;
        bool fits = type.ElemType == (int)value.Type && type.Shape.Dim.Count == value.Shape.Length
            && type.Shape.Dim.Zip(value.Shape).All(pair => pair.First.HasDimParam || pair.First.DimValue == pair.Second);
        Require(fits, declared.Name, $"has shape {Show(value.Shape)}, which is not what the graph declares");
    }

    private GraphValue Infer(NodeProto node)
    {
        GraphValue x = _values[node.Input[0]];
        return node.OpType switch
        {
            "Erf" or "Relu" or "Softmax" => x with { Known = null },
            "Add" or "Mul" or "Div" => x with { Shape = Broadcast(node, x.Shape, Input(node, 1).Shape) },
            "Conv" => Convolution(node, x),
            "MatMul" => Product(node, x, Input(node, 1)),
            "Transpose" => x with { Shape = [.. Permutation(node, x.Shape.Length).Select(axis => x.Shape[axis])] },
            "LayerNormalization" => Normalised(node, x, x.Shape[^1]),
            "InstanceNormalization" => Normalised(node, x, x.Shape[1]),
            "Concat" => Concatenated(node, x),
            "Shape" => ShapeOf(node, x),
            "Reshape" => Reshaped(node, x, Input(node, 1)),
            "Resize" => Resized(node, x, Input(node, 3)),
            "ArgMax" => Reduced(node, x),
            "Cast" => x with { Type = (DataType)node.Integer("to", 0) },
            _ => throw Fault(node.Name, $"is a {node.OpType}"),
        };
    }

    private GraphValue Input(NodeProto node, int index) => _values[node.Input[index]];

    private GraphValue Convolution(NodeProto node, GraphValue x)
    {
        int[] weights = Input(node, 1).Shape, pads = node.Integers("pads"), strides = node.Integers("strides");
        int groups = (int)node.Integer("group", 1);
        Require(x.Shape.Length == 4 && weights.Length == 4, node.Name, "is no convolution of a map");
        Require(x.Shape[1] == weights[1] * groups && weights[0] % groups == 0, node.Name, $"has weights {Show(weights)} for a map {Show(x.Shape)}");
        Require(node.Input.Count < 3 || Input(node, 2).Shape.SequenceEqual([weights[0]]), node.Name, "has a bias of another length than its outputs");
        int Side(int axis) => ((x.Shape[2 + axis] + pads[axis] + pads[2 + axis] - weights[2 + axis]) / strides[axis]) + 1;
        return x with { Shape = [x.Shape[0], weights[0], Side(0), Side(1)] };
    }

    private static GraphValue Product(NodeProto node, GraphValue a, GraphValue b)
    {
        Require(a.Shape.Length == 3 && b.Shape.Length == 3 && a.Shape[2] == b.Shape[1], node.Name, $"multiplies {Show(a.Shape)} by {Show(b.Shape)}");
        return a with { Shape = [Broadcast(node, a.Shape[..1], b.Shape[..1])[0], a.Shape[1], b.Shape[2]] };
    }

    private GraphValue Normalised(NodeProto node, GraphValue x, int gains)
    {
        Require(Enumerable.Range(1, 2).All(i => Input(node, i).Shape.SequenceEqual([gains])), node.Name, $"has gains and biases of another number than {gains}");
        return x;
    }

    private GraphValue Concatenated(NodeProto node, GraphValue first)
    {
        GraphValue[] parts = [.. node.Input.Select(name => _values[name])];
        int axis = node.Axis(0, first.Shape.Length);
        Require(parts.All(part => part.Shape.Length == first.Shape.Length && SameBut(part.Shape, first.Shape, axis)), node.Name, "joins maps of different sizes");
        int[] shape = [.. first.Shape];
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        return new GraphValue(first.Type, shape, parts.All(part => part.Known is not null) ? [.. parts.SelectMany(part => part.Known!)] : null);
    }

    private static GraphValue ShapeOf(NodeProto node, GraphValue x)
    {
        int[] part = x.Shape[(int)node.Integer("start", 0)..(int)node.Integer("end", x.Shape.Length)];
        return new GraphValue(DataType.Int64, [part.Length], [.. part.Select(side => (long)side)]);
    }

    private static GraphValue Reshaped(NodeProto node, GraphValue x, GraphValue target)
    {
        Require(target.Known is not null, node.Name, "has sizes that depend on the picture's pixels");
        int[] shape = [.. target.Known!.Select((side, i) => side == 0 ? x.Shape[i] : (int)side)];
        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            shape[open] = 1;
            int rest = shape.Aggregate(1, (product, side) => product * side);
            shape[open] = x.Count / rest;
        }

        Require(x.Count == shape.Aggregate(1, (product, side) => product * side), node.Name, $"turns {Show(x.Shape)} into {Show(shape)}");
        return x with { Shape = shape };
    }

    private static GraphValue Resized(NodeProto node, GraphValue x, GraphValue sizes)
    {
        Require(sizes.Known is { Length: 4 } known && known[0] == x.Shape[0] && known[1] == x.Shape[1], node.Name, "resizes more than rows and columns");
        Require(node.Text("mode", "") == "linear" && node.Text("coordinate_transformation_mode", "") == "half_pixel", node.Name, "is not bilinear with align_corners=False");
        return x with { Shape = [.. sizes.Known!.Select(side => (int)side)] };
    }

    private static GraphValue Reduced(NodeProto node, GraphValue x)
    {
        Require(node.Axis(0, 4) == 1 && node.Integer("keepdims", 1) == 0 && x.Shape.Length == 4, node.Name, "is no argmax over classes");
        return new GraphValue(DataType.Int64, [x.Shape[0], x.Shape[2], x.Shape[3]]);
    }

    private static int[] Permutation(NodeProto node, int rank)
    {
        int[] permutation = node.Integers("perm");
        Require(permutation.Order().SequenceEqual(Enumerable.Range(0, rank)), node.Name, "is no permutation");
        return permutation;
    }

    private static bool SameBut(int[] a, int[] b, int axis) => a.Zip(b).Select((pair, i) => i == axis || pair.First == pair.Second).All(same => same);

    private static int[] Broadcast(NodeProto node, int[] a, int[] b)
    {
        var shape = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            Require(left == right || left == 1 || right == 1, node.Name, $"combines {Show(a)} with {Show(b)}");
            shape[^i] = Math.Max(left, right);
        }

        return shape;
    }

    private static void Require(bool holds, string node, string fault)
    {
        if (!holds)
        {
            throw Fault(node, fault);
        }
    }

    private static InputException Fault(string node, string fault) => new($"The ONNX graph is faulty: '{node}' {fault}.");

    private static string Show(int[] shape) => $"[{string.Join(", ", shape)}]";
}
