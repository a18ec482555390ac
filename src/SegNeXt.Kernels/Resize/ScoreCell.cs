namespace SegNeXt.Kernels;

/// <summary>
/// Four neighbouring pixels of a map of scores, and the pixels of a larger picture that lie between them: at (x, y) the
/// score of a class is bilinear in the four, with the shares <c>fx[x]</c> of the right and <c>fy[y]</c> of the lower pixels.
/// </summary>
/// <param name="topLeft">Scores of a pixel, a number a class.</param>
/// <param name="topRight">Those of the pixel right of it.</param>
/// <param name="bottomLeft">Those of the pixel below it.</param>
/// <param name="bottomRight">Those of the pixel right of that.</param>
/// <param name="rightShare">fx. Whole vectors are read: <see cref="ReadAhead"/> numbers more than the width must be there.</param>
/// <param name="width">Columns of the larger picture in this cell.</param>
/// <param name="lowerShare">fy.</param>
/// <param name="height">Rows of the larger picture in this cell.</param>
public readonly unsafe struct ScoreCell(
    float* topLeft, float* topRight, float* bottomLeft, float* bottomRight, float* rightShare, int width, float* lowerShare, int height)
{
    /// <summary>Numbers that are read, and not used, beyond the last of the right shares.</summary>
    public const int ReadAhead = 8;

    internal float* TopLeft => topLeft;

    internal float* TopRight => topRight;

    internal float* BottomLeft => bottomLeft;

    internal float* BottomRight => bottomRight;

    internal float* RightShare => rightShare;

    internal int Width => width;

    internal float* LowerShare => lowerShare;

    internal int Height => height;
}
