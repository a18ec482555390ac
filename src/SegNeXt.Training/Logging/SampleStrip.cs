using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>Image, truth and prediction side by side as one small picture, for TensorBoard.</summary>
internal static class SampleStrip
{
    // A run may hold hundreds of evaluations; a strip of this size is some 100 kB.
    private const int TileWidth = 320;
    private const int Gap = 4;

    /// <summary>Draws the strip.</summary>
    /// <param name="sample">The image.</param>
    /// <param name="palette">Colours <c>0xRRGGBB</c> of the classes; ids beyond them are black.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Png(EvaluationSample sample, int[] palette)
    {
        int width = Math.Min(TileWidth, sample.Image.Width);
        int height = Math.Max(1, (int)Math.Round((double)sample.Image.Height * width / sample.Image.Width));
        DrawingCanvas canvas = new((3 * width) + (2 * Gap), height);
        canvas.DrawImage(ImageResize.Bilinear(sample.Image, width, height), 0, 0);
        canvas.DrawImage(Colored(ImageResize.Nearest(sample.Truth, width, height), palette), width + Gap, 0);
        canvas.DrawImage(Colored(ImageResize.Nearest(sample.Prediction, width, height), palette), 2 * (width + Gap), 0);
        return PngWriter.EncodeRgb(canvas.Image);
    }

    private static RgbImage Colored(LabelMap labels, int[] palette) =>
        Overlay.Blend(new RgbImage(labels.Width, labels.Height), labels, palette, opacity: 1, contours: false);
}
