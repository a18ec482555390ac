namespace SegNeXt.Core;

/// <summary>
/// Where the samples of one axis come from in PyTorch's bilinear interpolation with <c>align_corners=False</c>: two
/// neighbours and the weight of the second. Computed in float32 as PyTorch does.
/// </summary>
/// <param name="First">Index of the lower neighbour, per output position.</param>
/// <param name="Second">Index of the upper neighbour; equal to <paramref name="First"/> at the far border.</param>
/// <param name="Fraction">Weight of the upper neighbour, in [0, 1).</param>
internal readonly record struct LinearAxis(int[] First, int[] Second, float[] Fraction)
{
    public static LinearAxis Create(int input, int output)
    {
        int[] first = new int[output];
        int[] second = new int[output];
        float[] fraction = new float[output];
        float scale = (float)input / output;
        for (int i = 0; i < output; i++)
        {
            float position = MathF.Max(((i + 0.5f) * scale) - 0.5f, 0f);
            int index = Math.Min((int)position, input - 1);
            first[i] = index;
            second[i] = Math.Min(index + 1, input - 1);
            fraction[i] = position - index;
        }

        return new LinearAxis(first, second, fraction);
    }

    /// <summary>Resamples one row.</summary>
    public void Apply(ReadOnlySpan<float> source, Span<float> target)
    {
        if (source.Length == target.Length)
        {
            source.CopyTo(target);
            return;
        }

        ReadOnlySpan<int> first = First;
        ReadOnlySpan<int> second = Second;
        ReadOnlySpan<float> fraction = Fraction;
        for (int x = 0; x < target.Length; x++)
        {
            float f = fraction[x];
            target[x] = ((1f - f) * source[first[x]]) + (f * source[second[x]]);
        }
    }
}
