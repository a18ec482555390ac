using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>What an ONNX file shall be.</summary>
public sealed record OnnxOptions
{
    /// <summary>Rows of the pictures, or null for any number.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of the pictures, or null for any number.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// Whether the graph ends with class ids at the picture's size, <c>class_ids</c> uint8 <c>[N, H, W]</c>, in place of
    /// <c>logits</c> float32 <c>[N, K, ⌈H/8⌉, ⌈W/8⌉]</c>.
    /// </summary>
    public bool ArgMax { get; init; }

    /// <summary>Whether the sizes are fixed, and N with them, to 1.</summary>
    internal bool IsFixed => Height is not null;

    /// <summary>Such as <c>512x512</c>, or <c>dynamic</c>.</summary>
    internal string SizeText => IsFixed ? $"{Height}x{Width}" : "dynamic";

    /// <summary>Checks that both sizes are given or none.</summary>
    /// <exception cref="InputException">They are not, or a size is below 1.</exception>
    internal void Validate()
    {
        if (Height is null != Width is null || Height < 1 || Width < 1)
        {
            throw new InputException($"An ONNX file's picture has a fixed height and width of at least 1, or neither; not {Height?.ToString() ?? "any"} x {Width?.ToString() ?? "any"}.");
        }
    }
}
