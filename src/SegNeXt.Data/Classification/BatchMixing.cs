using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Mixes each picture of a batch with the one at its mirrored place, all by the same draw: mixup adds the two, CutMix pastes a
/// rectangle of one into the other. The classes are mixed in the same proportion.
/// </summary>
/// <remarks>mixup, arXiv:1710.09412; CutMix, arXiv:1905.04899; a whole batch by one draw as timm's <c>Mixup(mode='batch')</c>.</remarks>
public sealed class BatchMixing
{
    private const double MostShape = 8;

    private readonly double _mixup;
    private readonly double _cutmix;
    private readonly double _probability;
    private readonly double _switch;

    /// <summary>Creates the step.</summary>
    /// <param name="mixup">α of mixup's Beta distribution, 0 for no mixup.</param>
    /// <param name="cutmix">α of CutMix's, 0 for no CutMix.</param>
    /// <param name="probability">Of mixing a batch at all.</param>
    /// <param name="switchProbability">Of CutMix, where there are both.</param>
    /// <exception cref="InputException">A number is out of range.</exception>
    public BatchMixing(double mixup, double cutmix, double probability = 1, double switchProbability = 0.5)
    {
        if (!(mixup is >= 0 and <= MostShape && cutmix is >= 0 and <= MostShape))
        {
            throw new InputException($"α of mixup and CutMix must be 0 to {MostShape}, not {mixup} and {cutmix}.");
        }

        if (!(probability is >= 0 and <= 1 && switchProbability is >= 0 and <= 1))
        {
            throw new InputException($"The probabilities of mixing must be 0 to 1, not {probability} and {switchProbability}.");
        }

        (_mixup, _cutmix, _probability, _switch) = (mixup, cutmix, probability, switchProbability);
    }

    /// <summary>Mixes a batch in place.</summary>
    /// <param name="images">Pictures <c>[N, 3, H, W]</c>.</param>
    /// <param name="count">N.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <returns>What was drawn.</returns>
    public MixDraw Apply(Span<float> images, int count, int height, int width, ref SampleRandom random)
    {
        MixDraw draw = Draw(height, width, ref random);
        int size = 3 * height * width;
        for (int i = 0, j = count - 1; i < j && draw.Share < 1; i++, j--)
        {
            Span<float> a = images.Slice(i * size, size);
            Span<float> b = images.Slice(j * size, size);
            if (draw.Box is { } box)
            {
                Exchange(a, b, box, height, width);
            }
            else
            {
                Blend(a, b, (float)draw.Share);
            }
        }

        return draw;
    }

    /// <summary>Draws the way and the proportion.</summary>
    internal MixDraw Draw(int height, int width, ref SampleRandom random)
    {
        if (!(_mixup > 0 || _cutmix > 0) || !random.NextBool(_probability))
        {
            return MixDraw.None;
        }

        bool cuts = _cutmix > 0 && (_mixup <= 0 || random.NextBool(_switch));
        double share = random.NextBeta(cuts ? _cutmix : _mixup);
        if (!cuts)
        {
            return new MixDraw(share, null);
        }

        double side = Math.Sqrt(1 - share);
        int h = (int)(height * side), w = (int)(width * side);
        int cy = random.NextInt(0, height), cx = random.NextInt(0, width);
        int top = Math.Clamp(cy - (h / 2), 0, height), bottom = Math.Clamp(cy + (h / 2), 0, height);
        int left = Math.Clamp(cx - (w / 2), 0, width), right = Math.Clamp(cx + (w / 2), 0, width);

        // At the border the rectangle is cut, and the proportion is that of what is left.
        double pasted = (double)(bottom - top) * (right - left) / ((double)height * width);
        return new MixDraw(1 - pasted, new PixelWindow(left, top, right - left, bottom - top));
    }

    private static void Blend(Span<float> a, Span<float> b, float share)
    {
        for (int i = 0; i < a.Length; i++)
        {
            float x = a[i], y = b[i];
            a[i] = (share * x) + ((1 - share) * y);
            b[i] = (share * y) + ((1 - share) * x);
        }
    }

    private static void Exchange(Span<float> a, Span<float> b, PixelWindow box, int height, int width)
    {
        Span<float> line = stackalloc float[Math.Min(box.Width, 1024)];
        for (int row = 0; row < 3 * box.Height; row++)
        {
            int start = ((((row / Math.Max(box.Height, 1)) * height) + box.Y + (row % Math.Max(box.Height, 1))) * width) + box.X;
            for (int x = 0; x < box.Width; x += line.Length)
            {
                int length = Math.Min(line.Length, box.Width - x);
                Span<float> ofA = a.Slice(start + x, length), ofB = b.Slice(start + x, length);
                ofA.CopyTo(line);
                ofB.CopyTo(ofA);
                line[..length].CopyTo(ofB);
            }
        }
    }
}

/// <summary>How a batch was mixed.</summary>
/// <param name="Share">Weight of a picture's own class; the rest is its partner's.</param>
/// <param name="Box">The rectangle that CutMix pasted, or null for mixup and for no mixing.</param>
public readonly record struct MixDraw(double Share, PixelWindow? Box)
{
    /// <summary>Nothing is mixed.</summary>
    public static MixDraw None { get; } = new(1, null);
}
