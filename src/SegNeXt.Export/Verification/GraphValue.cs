using DataType = SegNeXt.Export.TensorProto.Types.DataType;

namespace SegNeXt.Export;

/// <summary>What is known of a value before the graph runs.</summary>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Known">Its elements, where they follow from shapes and constants alone: int64 values.</param>
internal sealed record GraphValue(DataType Type, int[] Shape, long[]? Known = null)
{
    public int Count => Shape.Aggregate(1, (product, side) => checked(product * side));
}
