namespace SegNeXt.Core;

/// <summary>Where the samples of one axis come from when a picture is resized: two neighbours and the weight of the second.</summary>
/// <param name="First">Index of the lower neighbour, per output position, inside the axis.</param>
/// <param name="Second">Index of the upper neighbour, inside the axis; equal to <paramref name="First"/> at a border.</param>
/// <param name="Fraction">Weight of the upper neighbour, in [0, 1).</param>
internal readonly record struct ResizeAxis(int[] First, int[] Second, float[] Fraction)
{
    /// <summary>One in the fixed-point weights: 11 bits, as OpenCV's <c>INTER_RESIZE_COEF_SCALE</c>.</summary>
    public const int WeightOne = 2048;

    /// <summary>Horizontal table: outside the picture the border pixel alone counts.</summary>
    /// <param name="input">Positions of the source.</param>
    /// <param name="output">Positions of the result.</param>
    /// <param name="start">First position of the result that the table is for.</param>
    /// <param name="count">Number of positions that it is for.</param>
    public static ResizeAxis Columns(int input, int output, int start, int count) =>
        Create(input, output, start, count, dropFractionAtBorder: true);

    /// <summary>
    /// Vertical table: the two row indices are clamped but the fraction is kept, which gives the same value up to
    /// the rounding of the fixed-point sum, and that rounding is part of OpenCV's result.
    /// </summary>
    /// <param name="input">Positions of the source.</param>
    /// <param name="output">Positions of the result.</param>
    /// <param name="start">First position of the result that the table is for.</param>
    /// <param name="count">Number of positions that it is for.</param>
    public static ResizeAxis Rows(int input, int output, int start, int count) =>
        Create(input, output, start, count, dropFractionAtBorder: false);

    /// <summary>The two fixed-point weights at an output position; they add up to <see cref="WeightOne"/>.</summary>
    public (short First, short Second) Weights(int position)
    {
        float fraction = Fraction[position];
        return ((short)MathF.Round((1f - fraction) * WeightOne), (short)MathF.Round(fraction * WeightOne));
    }

    private static ResizeAxis Create(int input, int output, int start, int count, bool dropFractionAtBorder)
    {
        int[] first = new int[count];
        int[] second = new int[count];
        float[] fraction = new float[count];
        // The reciprocal of the inverse scale, not input / output: OpenCV rounds twice, and so the last bit agrees.
        double scale = 1.0 / ((double)output / input);
        for (int i = 0; i < count; i++)
        {
            float position = (float)((start + i + 0.5) * scale - 0.5);
            int index = (int)MathF.Floor(position);
            float rest = position - index;
            if (dropFractionAtBorder && (index < 0 || index >= input - 1))
            {
                rest = 0f;
                index = Math.Clamp(index, 0, input - 1);
            }

            first[i] = Math.Clamp(index, 0, input - 1);
            second[i] = Math.Clamp(index + 1, 0, input - 1);
            fraction[i] = rest;
        }

        return new ResizeAxis(first, second, fraction);
    }
}
