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
        Check(image, label);
        ResizedLabels labels = Draw(sample.Label, ref random, out drawn);
        Make(sample.Image, labels, drawn, image, label);
    }

    /// <summary>
    /// Makes one training sample from its files, the picture decoded at a half, a quarter or an eighth of its size where
    /// it is to be shrunk that far (<see cref="LoaderOptions.FastDecode"/>).
    /// </summary>
    internal void ApplyReduced(ISegmentationDataSet data, int index, ref SampleRandom random, Span<float> image, Span<byte> label)
    {
        Check(image, label);
        LabelMap truth = data.LoadLabel(index);
        ResizedLabels labels = Draw(truth, ref random, out AugmentationDraw drawn);
        int reduction = drawn.Reduction(truth);
        RgbImage picture = data.LoadImage(index, reduction);
        bool reduced = picture.Width == JpegDecoder.Reduced(truth.Width, reduction) && picture.Height == JpegDecoder.Reduced(truth.Height, reduction);
        if (!reduced)
        {
            // Of a format that is not read at a part of its size, or of another size than its label.
            (string imagePath, string labelPath) = data.Paths(index);
            DataSetCheck.RequireSameSize(imagePath, (picture.Width, picture.Height), labelPath, (truth.Width, truth.Height));
        }

        Make(picture, labels, drawn, image, label);
    }

    /// <summary>First step: everything random. Picture and labels have one size, so the labels are enough.</summary>
    internal ResizedLabels Draw(LabelMap label, ref SampleRandom random, out AugmentationDraw drawn)
    {
        (int width, int height) = _resize.DrawSize(label.Width, label.Height, ref random);
        ResizedLabels labels = new(label, width, height);
        PixelWindow window = _crop.Draw(labels, ref random);
        bool mirror = _flip.Draw(ref random);
        drawn = new AugmentationDraw(width, height, window, mirror, _photometric?.Draw(ref random));
        return labels;
    }

    /// <summary>Second step: the pixels of the crop, resized.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="drawn">What was drawn.</param>
    /// <param name="buffer">Room for <c>3·H·W</c> bytes.</param>
    /// <returns>The part of the buffer that holds the window.</returns>
    internal static Span<byte> Resize(RgbImage picture, in AugmentationDraw drawn, Span<byte> buffer)
    {
        PixelWindow window = drawn.Window;
        Span<byte> pixels = buffer[..(window.Width * window.Height * 3)];
        ImageResize.BilinearPart(picture, drawn.Width, drawn.Height, window.X, window.Y, window.Width, window.Height, pixels);
        return pixels;
    }

    /// <summary>Third step: the colours.</summary>
    internal static void Color(Span<byte> pixels, in AugmentationDraw drawn)
    {
        if (drawn.Photometric is { } colours)
        {
            PhotometricDistortion.Apply(pixels, colours);
        }
    }

    /// <summary>Fourth step: mirrored or not, normalised, in planes, with the labels, padded.</summary>
    internal void Store(ReadOnlySpan<byte> pixels, in ResizedLabels labels, in AugmentationDraw drawn, Span<float> image, Span<byte> label)
    {
        PixelWindow window = drawn.Window;
        int plane = Height * Width;
        int stride = window.Width * 3;
        for (int y = 0; y < window.Height; y++)
        {
            int row = y * Width;
            labels.CopyRow(window, y, drawn.Mirrored, label.Slice(row, window.Width));
            label.Slice(row + window.Width, Width - window.Width).Fill(LabelMap.Ignore);
            Span<float> r = image.Slice(row, Width);
            Span<float> g = image.Slice(plane + row, Width);
            Span<float> b = image.Slice((2 * plane) + row, Width);
            _normalize.ApplyRow(pixels.Slice(y * stride, stride), r[..window.Width], g[..window.Width], b[..window.Width], drawn.Mirrored);
            r[window.Width..].Clear();
            g[window.Width..].Clear();
            b[window.Width..].Clear();
        }

        int rest = window.Height * Width;
        label[rest..].Fill(LabelMap.Ignore);
        for (int channel = 0; channel < 3; channel++)
        {
            image[((channel * plane) + rest)..((channel + 1) * plane)].Clear();
        }
    }

    private void Check(Span<float> image, Span<byte> label)
    {
        int plane = Height * Width;
        if (image.Length != 3 * plane || label.Length != plane)
        {
            throw new ArgumentException($"3×{Height}×{Width} numbers and {Height}×{Width} labels are needed, the spans hold {image.Length} and {label.Length}.");
        }
    }

    private void Make(RgbImage picture, in ResizedLabels labels, in AugmentationDraw drawn, Span<float> image, Span<byte> label)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(3 * drawn.Window.Width * drawn.Window.Height);
        Span<byte> pixels = Resize(picture, drawn, buffer);
        Color(pixels, drawn);
        Store(pixels, labels, drawn, image, label);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
