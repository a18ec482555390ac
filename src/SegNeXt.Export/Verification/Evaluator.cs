using System.Runtime.InteropServices;
using DataType = SegNeXt.Export.TensorProto.Types.DataType;

namespace SegNeXt.Export;

/// <summary>
/// Computes a graph as the ONNX operators' definitions say, plainly: to check a file before it is given out, on small
/// pictures. It shares no code with the engines. All values are held as float32, class ids among them.
/// </summary>
internal sealed class Evaluator
{
    private readonly IReadOnlyDictionary<string, GraphValue> _values;
    private readonly Dictionary<string, float[]> _data = new(StringComparer.Ordinal);

    private Evaluator(IReadOnlyDictionary<string, GraphValue> values) => _values = values;

    /// <summary>Runs a graph.</summary>
    /// <param name="graph">A graph without faults.</param>
    /// <param name="values">Its shapes for this picture, as <see cref="ShapeInference"/> gives them.</param>
    /// <param name="picture">The input's elements.</param>
    /// <param name="wanted">Names of the values to return.</param>
    /// <returns>The elements of each of <paramref name="wanted"/>.</returns>
    public static float[][] Run(GraphProto graph, IReadOnlyDictionary<string, GraphValue> values, float[] picture, params string[] wanted)
    {
        Evaluator evaluator = new(values);
        evaluator._data[graph.Input[0].Name] = picture;
        foreach (TensorProto constant in graph.Initializer.Where(constant => constant.DataType == (int)DataType.Float))
        {
            evaluator._data[constant.Name] = MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();
        }

        // The last node that reads a value; behind it the value is let go.
        Dictionary<string, int> last = new(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (string input in graph.Node[i].Input)
            {
                last[input] = i;
            }
        }

        for (int i = 0; i < graph.Node.Count; i++)
        {
            NodeProto node = graph.Node[i];
            if (values[node.Output[0]].Known is null)
            {
                evaluator._data[node.Output[0]] = evaluator.Compute(node);
            }

            foreach (string input in node.Input.Where(input => last[input] == i && !wanted.Contains(input)))
            {
                evaluator._data.Remove(input);
            }
        }

        return [.. wanted.Select(name => evaluator._data[name])];
    }

    private float[] Compute(NodeProto node)
    {
        float[] x = _data[node.Input[0]];
        int[] shape = Shape(node.Input[0]), result = Shape(node.Output[0]);
        switch (node.OpType)
        {
            case "Add":
                return Elementwise.Combine(x, shape, _data[node.Input[1]], Shape(node.Input[1]), result, static (a, b) => a + b);
            case "Mul":
                return Elementwise.Combine(x, shape, _data[node.Input[1]], Shape(node.Input[1]), result, static (a, b) => a * b);
            case "Div":
                return Elementwise.Combine(x, shape, _data[node.Input[1]], Shape(node.Input[1]), result, static (a, b) => a / b);
            case "Erf":
                return Elementwise.Map(x, Elementwise.Erf);
            case "Relu":
                return Elementwise.Map(x, static value => value > 0 || float.IsNaN(value) ? value : 0);
            case "Reshape" or "Cast":
                return x;
            case "Conv":
                return Convolutions.Compute(
                    x, shape, _data[node.Input[1]], Shape(node.Input[1]), node.Input.Count > 2 ? _data[node.Input[2]] : null, result,
                    node.Integers("strides"), node.Integers("pads"), (int)node.Integer("group", 1));
            case "MatMul":
                return Convolutions.MultiplyBatches(x, shape, _data[node.Input[1]], Shape(node.Input[1]), result);
            case "Softmax":
                return Rows.Softmax(x, result[^1]);
            case "LayerNormalization":
                return Rows.LayerNorm(x, result[^1], _data[node.Input[1]], _data[node.Input[2]], node.Float("epsilon", 1e-5f));
            case "InstanceNormalization":
                return Rows.InstanceNorm(x, result, _data[node.Input[1]], _data[node.Input[2]], node.Float("epsilon", 1e-5f));
            case "Transpose":
                return Places.Transpose(x, shape, node.Integers("perm"));
            case "Concat":
                return Places.Concatenate([.. node.Input.Select(name => (_data[name], Shape(name)))], node.Axis(0, result.Length), result);
            case "Resize":
                return Places.Resize(x, shape, result);
            case "ArgMax":
                return Places.ArgMax(x, shape);
            default:
                throw new NotSupportedException(node.OpType);
        }
    }

    private int[] Shape(string name) => _values[name].Shape;
}
