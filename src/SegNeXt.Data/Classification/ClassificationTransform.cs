using System.Buffers;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// The training recipe of an image classifier in its order: a random crop resized, flip, colours or RandAugment, normalise,
/// random erasing. Safe to use from many threads.
/// </summary>
/// <remarks>The order of timm's <c>create_transform</c>.</remarks>
public sealed class ClassificationTransform
{
    private readonly RandomResizedCrop _crop;
    private readonly RandomFlip _flip;
    private readonly RandAugment? _augment;
    private readonly ColorJitter? _jitter;
    private readonly RandomErasing _erasing;
    private readonly Normalize _normalize;

    /// <summary>Creates the recipe.</summary>
    /// <param name="options">Its numbers.</param>
    /// <exception cref="InputException">A number is out of range.</exception>
    public ClassificationTransform(ClassificationAugmentation options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _crop = new RandomResizedCrop(options.CropScale.Min, options.CropScale.Max, options.CropRatio.Min, options.CropRatio.Max);
        _flip = new RandomFlip(options.Flip);
        _augment = options.RandAugment;
        _jitter = options.ColorJitter > 0 ? new ColorJitter(options.ColorJitter) : null;
        _erasing = new RandomErasing(options.Erase);
        _normalize = new Normalize(options.Mean, options.Std);
    }

    /// <summary>Makes one training sample.</summary>
    /// <param name="picture">The picture; not changed.</param>
    /// <param name="height">Rows H of the sample.</param>
    /// <param name="width">Columns W of the sample.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <param name="planes">Gets the normalised picture, <c>[3, H, W]</c>.</param>
    /// <returns>The part of the picture that was taken.</returns>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public PixelWindow Apply(RgbImage picture, int height, int width, ref SampleRandom random, Span<float> planes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int bytes = 3 * height * width;
        if (planes.Length != bytes)
        {
            throw new ArgumentException($"3×{height}×{width} numbers are needed, the span holds {planes.Length}.", nameof(planes));
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * bytes);
        Span<byte> rgb = buffer.AsSpan(0, bytes);
        PixelWindow window = _crop.Draw(picture.Width, picture.Height, ref random);
        bool mirrored = _flip.Draw(ref random);
        FilteredResize.Window(picture, window, width, height, rgb);
        _augment?.Apply(rgb, width, ref random, buffer.AsSpan(bytes, bytes));
        _jitter?.Apply(rgb, ref random);
        Store(rgb, height, width, mirrored, planes);
        ArrayPool<byte>.Shared.Return(buffer);
        _erasing.Apply(planes, height, width, ref random);
        return window;
    }

    /// <summary>
    /// Makes a picture ready for evaluation: resized until the sample's sides, divided by the crop ratio, are covered, the
    /// centre cut out, normalised.
    /// </summary>
    /// <param name="picture">The picture; not changed.</param>
    /// <param name="height">Rows H.</param>
    /// <param name="width">Columns W.</param>
    /// <param name="cropRatio">Share of the resized picture's shorter side that is seen, above 0 and at most 1.</param>
    /// <param name="planes">Gets the normalised picture, <c>[3, H, W]</c>.</param>
    public void Centre(RgbImage picture, int height, int width, double cropRatio, Span<float> planes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cropRatio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cropRatio, 1);
        double scale = Math.Max(height / cropRatio / picture.Height, width / cropRatio / picture.Width);
        int wholeHeight = Math.Max(height, (int)Math.Round(picture.Height * scale));
        int wholeWidth = Math.Max(width, (int)Math.Round(picture.Width * scale));
        PixelWindow part = new((wholeWidth - width) / 2, (wholeHeight - height) / 2, width, height);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(3 * height * width);
        Span<byte> rgb = buffer.AsSpan(0, 3 * height * width);
        FilteredResize.Part(picture, wholeWidth, wholeHeight, part, rgb);
        Store(rgb, height, width, mirrored: false, planes);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Store(ReadOnlySpan<byte> rgb, int height, int width, bool mirrored, Span<float> planes)
    {
        int plane = height * width;
        for (int y = 0; y < height; y++)
        {
            int row = y * width;
            _normalize.ApplyRow(
                rgb.Slice(3 * row, 3 * width), planes.Slice(row, width), planes.Slice(plane + row, width), planes.Slice((2 * plane) + row, width), mirrored);
        }
    }
}
