namespace SegNeXt.Core;

/// <summary>Scores per class and position for one image, <c>[K, H, W]</c> float32: logits, or probabilities after softmax.</summary>
public sealed class LogitMap
{
    /// <summary>Wraps values that are already in the layout; the array is not copied.</summary>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="values">Exactly <c>K × H × W</c> numbers.</param>
    /// <exception cref="ArgumentException">The sizes and the array's length disagree.</exception>
    public LogitMap(int classes, int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)classes * height * width)
        {
            throw new ArgumentException($"{classes}×{height}×{width} numbers are needed, the array holds {values.LongLength}.", nameof(values));
        }

        Classes = classes;
        Height = height;
        Width = width;
        Values = values;
    }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The scores; index <c>(k·H + y)·W + x</c>.</summary>
    public float[] Values { get; }
}
