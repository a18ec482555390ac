namespace SegNeXt.Data;

/// <summary>
/// Repeat factor sampling: with f(c) the share of the images that have class c, the class's factor is
/// <c>r(c) = max(1, √(t / f(c)))</c>, and an image comes r(i) = max r(c) times in an epoch, over the classes c in it; of a
/// factor's fraction, chance decides in each epoch. Every image comes at least once.
/// </summary>
/// <remarks>Gupta, Dollár, Girshick, LVIS (CVPR 2019, arXiv:1908.03195), Section 5.2 and appendix B.</remarks>
public static class RepeatFactors
{
    /// <summary>The factors r(i) of all images, each at least 1.</summary>
    /// <param name="presence">Which classes are in which images.</param>
    /// <param name="threshold">t, 0 to 1: classes in a smaller share of the images are rare. LVIS takes 0.001.</param>
    public static double[] Of(ClassPresence presence, double threshold)
    {
        ArgumentNullException.ThrowIfNull(presence);
        double[] classFactors = [.. Enumerable.Range(0, presence.Classes)
            .Select(c => presence.Share(c) is > 0 and var share ? Math.Max(1, Math.Sqrt(threshold / share)) : 1)];
        return [.. Enumerable.Range(0, presence.Images)
            .Select(i => Enumerable.Range(0, presence.Classes).Where(c => presence.Has(i, c)).Select(c => classFactors[c]).Append(1).Max())];
    }
}
