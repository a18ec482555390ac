namespace SegNeXt.Core;

/// <summary>Whether the network sees the picture at once or in windows.</summary>
public enum TestMode
{
    /// <summary>The whole picture at once.</summary>
    Whole,

    /// <summary>Overlapping windows whose logits are averaged, as the paper does on Cityscapes.</summary>
    Slide,
}

/// <summary>
/// How a picture is brought to the network and its logits back: the released code's <c>test_cfg</c> and
/// <c>MultiScaleFlipAug</c>. The default sees the whole picture once, at its own size.
/// </summary>
public sealed record TestOptions
{
    /// <summary>Whole picture or windows.</summary>
    public TestMode Mode { get; init; } = TestMode.Whole;

    /// <summary>Rows of a window; used with <see cref="TestMode.Slide"/>. A picture smaller than the window is used as it is.</summary>
    public int CropHeight { get; init; } = 1024;

    /// <summary>Columns of a window.</summary>
    public int CropWidth { get; init; } = 1024;

    /// <summary>Rows from one window to the next, at most <see cref="CropHeight"/>.</summary>
    public int StrideHeight { get; init; } = 768;

    /// <summary>Columns from one window to the next, at most <see cref="CropWidth"/>.</summary>
    public int StrideWidth { get; init; } = 768;

    /// <summary>Ratios r at which the picture is tested; the softmax outputs are averaged. The paper's: 0.5, 0.75, 1, 1.25, 1.5, 1.75.</summary>
    public double[] Scales { get; init; } = [1.0];

    /// <summary>Whether each scale is tested mirrored left to right as well.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Columns W of the box that the picture is fitted into with its ratio kept: the longer side of the picture may
    /// reach the longer one of (W·r, H·r), the shorter side the shorter one. 0, together with <see cref="BoxHeight"/>:
    /// the picture's own size.
    /// </summary>
    public int BoxWidth { get; init; }

    /// <summary>Rows H of the box; see <see cref="BoxWidth"/>.</summary>
    public int BoxHeight { get; init; }

    /// <summary>After that both sides are stretched up to a multiple of this, by a second resize; ADE20K's is 32. 1: they are not.</summary>
    public int SizeDivisor { get; init; } = 1;

    /// <summary>Most threads for resizing and averaging; 0 for one per core. The network has its own setting.</summary>
    public int Threads { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Mode == TestMode.Slide)
        {
            Require(CropHeight >= 1 && CropWidth >= 1, $"The crop must have at least 1×1 pixels, not {CropHeight}×{CropWidth}");
            Require(
                StrideHeight >= 1 && StrideWidth >= 1 && StrideHeight <= CropHeight && StrideWidth <= CropWidth,
                $"The stride must be 1×1 up to the crop of {CropHeight}×{CropWidth}, not {StrideHeight}×{StrideWidth}");
        }

        Require(
            Scales is { Length: > 0 } && Scales.All(scale => double.IsFinite(scale) && scale > 0),
            $"The scales must be numbers above 0, not '{string.Join(",", Scales ?? [])}'");
        Require(
            (BoxWidth == 0 && BoxHeight == 0) || (BoxWidth >= 1 && BoxHeight >= 1),
            $"The size to fit into must have at least 1×1 pixels, not {BoxHeight}×{BoxWidth}");
        Require(SizeDivisor >= 1, $"Sides can be multiples of 1 or more, not of {SizeDivisor}");
        Require(Threads >= 0, $"The number of threads must be 0 or more, not {Threads}");
    }

    /// <summary>The size at which a picture is tested.</summary>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="scale">One of <see cref="Scales"/>.</param>
    /// <returns>
    /// The size with the ratio kept, and the final one, which differs where <see cref="SizeDivisor"/> stretches it.
    /// </returns>
    public ((int Width, int Height) Fitted, (int Width, int Height) Final) SizeFor(int width, int height, double scale)
    {
        int boxWidth = (int)((BoxWidth == 0 ? width : BoxWidth) * scale);
        int boxHeight = (int)((BoxHeight == 0 ? height : BoxHeight) * scale);
        double factor = Math.Min(
            (double)Math.Max(boxWidth, boxHeight) / Math.Max(width, height),
            (double)Math.Min(boxWidth, boxHeight) / Math.Min(width, height));

        // Never below one pixel, which an extreme ratio or a very small scale would give.
        (int Width, int Height) fitted = (Math.Max((int)((width * factor) + 0.5), 1), Math.Max((int)((height * factor) + 0.5), 1));
        return (fitted, (Up(fitted.Width), Up(fitted.Height)));

        int Up(int side) => checked((side + SizeDivisor - 1) / SizeDivisor * SizeDivisor);
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InputException(fault + ".");
        }
    }
}
