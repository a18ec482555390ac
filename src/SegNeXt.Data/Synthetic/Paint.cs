using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Gives the colour of each point of a shape; colours are R, G, B from 0 to 1.</summary>
internal abstract class Paint
{
    /// <summary>The colour at a point of the picture, in pixels.</summary>
    public abstract Vector3 At(float x, float y);
}

/// <summary>A colour that runs from one at the top to another at the bottom.</summary>
internal sealed class GradientPaint(float top, Vector3 topColour, float bottom, Vector3 bottomColour) : Paint
{
    /// <inheritdoc/>
    public override Vector3 At(float x, float y) =>
        Vector3.Lerp(topColour, bottomColour, Math.Clamp((y - top) / (bottom - top), 0f, 1f));
}
