using System.Buffers;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// The training recipe in its order: resize, crop, flip, photometric distortion, normalise, pad (0 in the normalised
/// picture, 255 in the labels). The result equals the single steps one after the other, but only the pixels of the
/// crop are ever computed, and they go straight into the batch. Safe to use from many threads.
/// </summary>
public sealed class TrainTransform
{
    private readonly RandomResize _resize;
    private readonly RandomCrop _crop;
    private readonly RandomFlip _flip;
    private readonly PhotometricDistortion? _photometric;
    private readonly Normalize _normalize;

    /// <summary>Creates the recipe.</summary>
    /// <param name="options">Its numbers.</param>
    /// <exception cref="InputException">A number is out of range.</exception>
    public TrainTransform(AugmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _resize = new RandomResize(options.ResizeBaseWidth, options.ResizeBaseHeight, options.RatioMin, options.RatioMax);
        _crop = new RandomCrop(options.CropHeight, options.CropWidth, options.CatMaxRatio);
        _flip = new RandomFlip(options.FlipProbability);
        _photometric = options.Photometric;
        _normalize = new Normalize(options.Mean, options.Std);
    }

    /// <summary>The numbers of the recipe.</summary>
    public AugmentationOptions Options { get; }

    /// <summary>Rows H of the result.</summary>
    public int Height => Options.CropHeight;

    /// <summary>Columns W of the result.</summary>
    public int Width => Options.CropWidth;

    /// <summary>Makes one training sample.</summary>
    /// <param name="sample">Picture and labels; not changed.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <param name="image">Gets the normalised picture, <c>[3, H, W]</c>.</param>
    /// <param name="label">Gets the labels, <c>[H, W]</c>.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public void Apply(Sample sample, ref SampleRandom random, Span<float> image, Span<byte> label) =>
        Apply(sample, ref random, image, label, out _);

    /// <summary>Makes one training sample, and tells what was drawn for it.</summary>
    /// <param name="sample">Picture and labels; not changed.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <param name="image">Gets the normalised picture, <c>[3, H, W]</c>.</param>
    /// <param name="label">Gets the labels, <c>[H, W]</c>.</param>
    /// <param name="drawn">Gets what was drawn.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public void Apply(Sample sample, ref SampleRandom random, Span<float> image, Span<byte> label, out AugmentationDraw drawn)
    {
        ArgumentNullException.ThrowIfNull(sample);
        int plane = Height * Width;
        if (image.Length != 3 * plane || label.Length != plane)
        {
            throw new ArgumentException($"3×{Height}×{Width} numbers and {Height}×{Width} labels are needed, the spans hold {image.Length} and {label.Length}.");
        }

        (int width, int height) = _resize.DrawSize(sample.Image.Width, sample.Image.Height, ref random);
        ResizedLabels labels = new(sample.Label, width, height);
        PixelWindow window = _crop.Draw(labels, ref random);
        bool mirror = _flip.Draw(ref random);
        int stride = window.Width * 3;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(stride * window.Height);
        Span<byte> pixels = buffer.AsSpan(0, stride * window.Height);
        ImageResize.BilinearPart(sample.Image, width, height, window.X, window.Y, window.Width, window.Height, pixels);
        PhotometricDraw? photometric = _photometric?.Draw(ref random);
        drawn = new AugmentationDraw(width, height, window, mirror, photometric);
        if (photometric is { } colours)
        {
            PhotometricDistortion.Apply(pixels, colours);
        }


        for (int y = 0; y < window.Height; y++)
        {
            int row = y * Width;
            labels.CopyRow(window, y, mirror, label.Slice(row, window.Width));
            label.Slice(row + window.Width, Width - window.Width).Fill(LabelMap.Ignore);
            Span<float> r = image.Slice(row, Width);
            Span<float> g = image.Slice(plane + row, Width);
            Span<float> b = image.Slice((2 * plane) + row, Width);
            _normalize.ApplyRow(pixels.Slice(y * stride, stride), r[..window.Width], g[..window.Width], b[..window.Width], mirror);
            r[window.Width..].Clear();
            g[window.Width..].Clear();
            b[window.Width..].Clear();
        }

        ArrayPool<byte>.Shared.Return(buffer);
        int rest = window.Height * Width;
        label[rest..].Fill(LabelMap.Ignore);
        for (int channel = 0; channel < 3; channel++)
        {
            image[((channel * plane) + rest)..((channel + 1) * plane)].Clear();
        }
    }
}
