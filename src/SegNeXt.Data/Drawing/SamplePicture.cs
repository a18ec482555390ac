using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture with its labels as a <see cref="SampleSheet"/> shows it.</summary>
/// <param name="Title">What stands over it.</param>
/// <param name="Notes">Lines below it.</param>
/// <param name="Image">The picture, with its padding.</param>
/// <param name="Label">Its labels, of the same size.</param>
/// <param name="Width">Columns that are picture; the rest to the right is padding.</param>
/// <param name="Height">Rows that are picture; the rest below is padding.</param>
/// <param name="Frame">Which part of the first picture it shows, in that one's pixels; null for all.</param>
public sealed record SamplePicture(
    string Title, IReadOnlyList<string> Notes, RgbImage Image, LabelMap Label, int Width, int Height, PixelWindow? Frame = null)
{
    /// <summary>Whether a pixel is padding.</summary>
    internal bool IsPadding(int x, int y) => x >= Width || y >= Height;
}
