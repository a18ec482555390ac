using DataType = SegNeXt.Export.TensorProto.Types.DataType;

namespace SegNeXt.Export;

/// <summary>The faults of a graph that need no computing: names, order, operators, constants' sizes.</summary>
internal static class GraphCheck
{
    /// <summary>Operations of opset 17 that exported graphs are made of, and how many inputs each may have.</summary>
    private static readonly Dictionary<string, (int Least, int Most)> s_operations = new(StringComparer.Ordinal)
    {
        ["Add"] = (2, 2), ["ArgMax"] = (1, 1), ["Cast"] = (1, 1), ["Concat"] = (1, int.MaxValue), ["Conv"] = (2, 3), ["Div"] = (2, 2), ["Erf"] = (1, 1),
        ["InstanceNormalization"] = (3, 3), ["LayerNormalization"] = (2, 3), ["MatMul"] = (2, 2), ["Mul"] = (2, 2), ["Relu"] = (1, 1),
        ["Reshape"] = (2, 2), ["Resize"] = (4, 4), ["Shape"] = (1, 1), ["Softmax"] = (1, 1), ["Transpose"] = (1, 1),
    };

    /// <summary>Finds the first fault.</summary>
    /// <param name="model">The model.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? FindFault(ModelProto model)
    {
        GraphProto graph = model.Graph;
        if (model.OpsetImport.Count != 1 || model.OpsetImport[0].Version != OnnxModel.OperatorSet)
        {
            return $"the operator set is not {OnnxModel.OperatorSet}";
        }

        HashSet<string> known = new(StringComparer.Ordinal), nodes = new(StringComparer.Ordinal), used = new(StringComparer.Ordinal);
        foreach (string name in graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(constant => constant.Name)))
        {
            if (name.Length == 0 || !known.Add(name))
            {
                return $"the name '{name}' is given to two values";
            }
        }

        foreach (TensorProto constant in graph.Initializer)
        {
            long bytes = constant.Dims.Aggregate(constant.DataType == (int)DataType.Int64 ? 8L : 4L, (product, side) => product * side);
            if (constant.DataType is not ((int)DataType.Float or (int)DataType.Int64) || bytes != constant.RawData.Length)
            {
                return $"the constant '{constant.Name}' has {constant.RawData.Length} bytes, but its sizes need {bytes}";
            }
        }

        foreach (NodeProto node in graph.Node)
        {
            if (FindFault(node, known, nodes) is { } fault)
            {
                return fault;
            }

            used.UnionWith(node.Input);
        }

        used.UnionWith(graph.Output.Select(output => output.Name));
        return graph.Output.FirstOrDefault(output => !known.Contains(output.Name)) is { } missing ? $"nothing computes the output '{missing.Name}'"
            : known.FirstOrDefault(name => !used.Contains(name)) is { } idle ? $"nothing reads the value '{idle}'"
            : null;
    }

    private static string? FindFault(NodeProto node, HashSet<string> known, HashSet<string> nodes)
    {
        if (!s_operations.TryGetValue(node.OpType, out (int Least, int Most) inputs) || node.Domain.Length > 0)
        {
            return $"node '{node.Name}' is a {node.OpType}, which is not among the known operations";
        }

        if (node.Input.Count < inputs.Least || node.Input.Count > inputs.Most || node.Output.Count != 1)
        {
            return $"node '{node.Name}' has {node.Input.Count} inputs and {node.Output.Count} outputs, which {node.OpType} does not take";
        }

        return node.Name.Length == 0 || !nodes.Add(node.Name) ? $"two nodes are called '{node.Name}'"
            : node.Input.FirstOrDefault(input => input.Length > 0 && !known.Contains(input)) is { } unknown ? $"node '{node.Name}' reads '{unknown}', which nothing before it computes"
            : node.Output[0].Length == 0 || !known.Add(node.Output[0]) ? $"the name '{node.Output[0]}' is given to two values"
            : null;
    }
}
