namespace SegNeXt.Export;

/// <summary>The attributes of a node by name, with the defaults of opset 17.</summary>
internal static class NodeAttributes
{
    public static long Integer(this NodeProto node, string name, long otherwise) => node.Find(name) is { HasI: true } found ? found.I : otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) => node.Find(name) is { HasF: true } found ? found.F : otherwise;

    public static string Text(this NodeProto node, string name, string otherwise) => node.Find(name) is { HasS: true } found ? found.S.ToStringUtf8() : otherwise;

    public static int[] Integers(this NodeProto node, string name) => node.Find(name) is { } found ? [.. found.Ints.Select(value => (int)value)] : [];

    /// <summary>An axis that may count from the end.</summary>
    public static int Axis(this NodeProto node, long otherwise, int rank)
    {
        long axis = node.Integer("axis", otherwise);
        return (int)(axis < 0 ? axis + rank : axis);
    }

    private static AttributeProto? Find(this NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
