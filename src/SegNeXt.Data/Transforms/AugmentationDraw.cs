using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>What was drawn for one training sample.</summary>
/// <param name="Width">Columns of the whole picture after the resize.</param>
/// <param name="Height">Rows of the whole picture after the resize.</param>
/// <param name="Window">The part of the resized picture that was taken; what the crop has beyond its size is padding.</param>
/// <param name="Mirrored">Whether it was mirrored left to right.</param>
/// <param name="Photometric">What was done to its colours, or null where that is switched off.</param>
public readonly record struct AugmentationDraw(int Width, int Height, PixelWindow Window, bool Mirrored, PhotometricDraw? Photometric)
{
    /// <summary>The part of its size, 1 to 1/8, at which the picture may be decoded without having to be enlarged afterwards.</summary>
    /// <param name="label">The labels, of the picture's full size.</param>
    internal int Reduction(LabelMap label)
    {
        int reduction = 1;
        while (reduction < 8 && 2 * reduction * Width <= label.Width && 2 * reduction * Height <= label.Height)
        {
            reduction *= 2;
        }

        return reduction;
    }
}

/// <summary>What was drawn for a picture's colours.</summary>
/// <param name="Brightness">Added to every value, of 255; null for nothing.</param>
/// <param name="Contrast">Factor of every value; null for nothing.</param>
/// <param name="ContrastFirst">Whether the contrast comes before saturation and hue.</param>
/// <param name="Saturation">Factor of the saturation; 1 for nothing.</param>
/// <param name="Hue">Added to the hue, in units of 2 degrees; 0 for nothing.</param>
public readonly record struct PhotometricDraw(float? Brightness, float? Contrast, bool ContrastFirst, float Saturation, int Hue);
