using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// 8-bit RGB, interleaved, to what the network takes: <c>(v − mean) / std</c> per channel, in float32, float32 planes.
/// </summary>
public sealed class Normalize
{
    private const int Values = 256;
    private readonly float[] _mean = new float[3];
    private readonly float[] _std = new float[3];
    private readonly float[] _table = new float[3 * Values];

    /// <summary>Creates the step.</summary>
    /// <param name="mean">Mean of R, G, B on the 0–255 scale (<see cref="ModelConfig.Mean"/>).</param>
    /// <param name="std">Standard deviation of R, G, B on the 0–255 scale (<see cref="ModelConfig.Std"/>).</param>
    /// <exception cref="InputException">Not three numbers each, or a deviation that is not positive.</exception>
    public Normalize(IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Count != 3 || std.Count != 3 || !std.All(s => s > 0))
        {
            throw new InputException(
                $"Mean and standard deviation must be three numbers each, the deviations positive, not [{string.Join(", ", mean)}] and [{string.Join(", ", std)}].");
        }

        for (int c = 0; c < 3; c++)
        {
            _mean[c] = (float)mean[c];
            _std[c] = (float)std[c];
            for (int v = 0; v < Values; v++)
            {
                _table[(c * Values) + v] = (v - _mean[c]) / _std[c];
            }
        }
    }

    /// <summary>A whole picture, <c>[H, W, 3]</c> to <c>[3, H, W]</c>.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="planes">Gets exactly <c>3·H·W</c> numbers.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void Apply(RgbImage image, Span<float> planes)
    {
        ArgumentNullException.ThrowIfNull(image);
        int size = image.Width * image.Height;
        if (planes.Length != 3 * size)
        {
            throw new ArgumentException($"3×{image.Height}×{image.Width} numbers are needed, the span holds {planes.Length}.", nameof(planes));
        }

        ApplyRow(image.Pixels, planes[..size], planes.Slice(size, size), planes.Slice(2 * size, size), mirror: false);
    }

    /// <summary>One run of pixels into three runs of the same length, in order or mirrored.</summary>
    internal void ApplyRow(ReadOnlySpan<byte> rgb, Span<float> r, Span<float> g, Span<float> b, bool mirror)
    {
        int count = rgb.Length / 3;
        int done = Avx512F.IsSupported ? ApplyBlocks(rgb, r, g, b, mirror) : 0;
        ReadOnlySpan<float> tableR = _table.AsSpan(0, Values);
        ReadOnlySpan<float> tableG = _table.AsSpan(Values, Values);
        ReadOnlySpan<float> tableB = _table.AsSpan(2 * Values, Values);
        g = g[..r.Length];
        b = b[..r.Length];
        int x = mirror ? count - 1 - done : done;
        int step = mirror ? -1 : 1;
        for (int p = 3 * done; p + 2 < rgb.Length; p += 3, x += step)
        {
            r[x] = tableR[rgb[p]];
            g[x] = tableG[rgb[p + 1]];
            b[x] = tableB[rgb[p + 2]];
        }
    }

    /// <summary>Sixteen pixels at a time, the same numbers computed instead of looked up.</summary>
    /// <returns>How many pixels it has done.</returns>
    private int ApplyBlocks(ReadOnlySpan<byte> rgb, Span<float> r, Span<float> g, Span<float> b, bool mirror)
    {
        int count = rgb.Length / 3;
        int done = 0;
        for (; done + PixelBlock.Pixels <= count; done += PixelBlock.Pixels)
        {
            PixelBlock.Load(rgb[(3 * done)..], out Vector128<byte> red, out Vector128<byte> green, out Vector128<byte> blue);
            int x = mirror ? count - done - PixelBlock.Pixels : done;
            Scale(red, 0, mirror).CopyTo(r[x..]);
            Scale(green, 1, mirror).CopyTo(g[x..]);
            Scale(blue, 2, mirror).CopyTo(b[x..]);
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Scale(Vector128<byte> values, int channel, bool mirror)
    {
        if (mirror)
        {
            values = Vector128.Shuffle(values, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
        }

        return (Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(values)) - Vector512.Create(_mean[channel])) / Vector512.Create(_std[channel]);
    }
}
