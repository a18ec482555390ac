namespace SegNeXt.Data;

/// <summary>How <see cref="ImageFile"/> reads pictures and labels.</summary>
public sealed record ImageReadOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static ImageReadOptions Default { get; } = new();

    /// <summary>
    /// Whether a picture is turned and mirrored as its EXIF orientation (1 to 8) says, so that it comes out as a viewer
    /// shows it; true by default. The tag is taken from a JPEG's first EXIF segment before the frame header, or from a
    /// PNG's <c>eXIf</c> chunk before the pixel data; an unreadable or absent tag means 1, as it is stored. Labels are
    /// never turned: their ids are meant for the picture as it is displayed.
    /// </summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>
    /// The most pixels, width × height, that a file may claim in its header: 2²⁸ by default. It is checked before any
    /// memory is asked for. Values above about 5·10⁸ act like that number, since one array holds a picture.
    /// </summary>
    public long MaxPixels { get; init; } = 1L << 28;

    /// <summary>
    /// 1 by default; 2, 4 or 8 decode a JPEG at a half, a quarter or an eighth of its size, rounded up, which takes a
    /// fraction of the time: libjpeg's inverse transform gives fewer pixels for each block, each a mean of those that it
    /// stands for. Those are not the pixels that decoding and a bilinear resize give. Other formats are read at their
    /// size.
    /// </summary>
    public int Reduction { get; init; } = 1;

    /// <summary>
    /// For labels: 0 becomes 255 (ignored), every other id is lowered by one, 255 stays 255; false by default. So it is
    /// done for ADE20K (<c>reduce_zero_label</c> of the released code).
    /// </summary>
    public bool ReduceZeroLabel { get; init; }
}
