namespace SegNeXt.Data;

/// <summary>Target distributions over classes: smoothed, and mixed as the pictures are.</summary>
public static class SoftTargets
{
    /// <summary>The distributions of a batch.</summary>
    /// <param name="classes">Each picture's class, <c>[N]</c>.</param>
    /// <param name="count">Number of classes K.</param>
    /// <param name="smoothing">ε: each class has ε/K, and the picture's own 1 − ε besides.</param>
    /// <param name="share">Weight of a picture's own class against that of the picture at the mirrored place.</param>
    /// <returns><c>[N, K]</c>; each row adds up to 1.</returns>
    public static float[] Of(ReadOnlySpan<int> classes, int count, double smoothing, double share = 1)
    {
        float[] targets = new float[classes.Length * count];
        Array.Fill(targets, (float)(smoothing / count));
        for (int i = 0; i < classes.Length; i++)
        {
            targets[(i * count) + classes[i]] += (float)((1 - smoothing) * share);
            targets[(i * count) + classes[^(i + 1)]] += (float)((1 - smoothing) * (1 - share));
        }

        return targets;
    }
}
