using SegNeXt.Data;
using SegNeXt.Models;

namespace SegNeXt.Training;

/// <summary>Which pixels' logits add up to the score that is explained.</summary>
public enum ExplainedPixels
{
    /// <summary>Those that the model takes for the class.</summary>
    Predicted,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>What is to be explained.</summary>
/// <param name="ClassId">The class whose logit counts.</param>
public sealed record ExplainOptions(int ClassId)
{
    /// <summary>Whose feature map is looked at.</summary>
    public ExplainedLayer Layer { get; init; } = ExplainedLayer.Stage4;

    /// <summary>A part of the picture, in its pixels; null for all of it. Of a segmentation model alone.</summary>
    public PixelWindow? Region { get; init; }

    /// <summary>
    /// Which pixels of the region, or of the picture, count; null for those that the model takes for the class, or all pixels of
    /// a region. Of a segmentation model alone.
    /// </summary>
    public ExplainedPixels? Over { get; init; }

    /// <summary>Columns of the box that the picture is fitted into before the network, 0 for none.</summary>
    public int BoxWidth { get; init; }

    /// <summary>Rows of that box.</summary>
    public int BoxHeight { get; init; }
}

/// <summary>A class activation map of a picture.</summary>
/// <param name="Width">Columns of the picture.</param>
/// <param name="Height">Rows of the picture.</param>
/// <param name="Map"><c>[H, W]</c> at the picture's size, 0 to 1: the map divided by its largest value, all 0 where the layer nowhere speaks for the class.</param>
/// <param name="Activation">The map at the layer's own size, before that division.</param>
/// <param name="Over">Which pixels' logits were added up; null for a classifier, whose one logit is the score.</param>
/// <param name="Pixels">How many, at the size that the network saw; 1 for a classifier.</param>
/// <param name="Predicted">Share of the region's or picture's pixels that the model takes for the class; for a classifier, the class's probability.</param>
public sealed record Explanation(int Width, int Height, float[] Map, ClassActivation Activation, ExplainedPixels? Over, long Pixels, double Predicted);
