using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Goes over a batch a few images at a time, with their logits resized to the labels' size: for what is computed pixel by
/// pixel. The memory that takes does not grow with the batch.
/// </summary>
internal static class ImageChunks
{
    /// <summary>Elements of resized logits at a time (64 MB in single precision), unless one image has more.</summary>
    internal const long MostElements = 1L << 24;

    /// <summary>Pixels that are gone through at a time.</summary>
    /// <param name="images">N.</param>
    /// <param name="classes">K.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public static long PixelsAtATime(long images, long classes, long height, long width) =>
        Math.Min(images, Math.Max(1, MostElements / (classes * height * width))) * height * width;

    /// <summary>A sum over images.</summary>
    /// <param name="logits">Logits <c>[N, K, h, w]</c>, outside the graph.</param>
    /// <param name="labels">Labels <c>[N, H, W]</c>.</param>
    /// <param name="wantsGradient">Whether the gradient is computed too.</param>
    /// <param name="part">The summand of some images, a scalar, from their logits <c>[n, K, H, W]</c> and labels <c>[n, H, W]</c>.</param>
    /// <returns>The sum, and its gradient by the logits.</returns>
    public static (Tensor Value, Tensor? Gradient) Sum(Tensor logits, Tensor labels, bool wantsGradient, Func<Tensor, Tensor, Tensor> part)
    {
        using TensorScope scope = new();
        Tensor total = Tensor.Scalar(0, logits.Type, logits.Device);
        List<Tensor> gradients = [];
        foreach ((long first, long count) in Ranges(logits, labels))
        {
            using TensorScope inner = new();
            Tensor some = logits.Narrow(0, first, count).Detach().RequiresGrad_(wantsGradient);
            Tensor sum;
            using (wantsGradient ? Autograd.EnableGrad() : Autograd.NoGrad())
            {
                // Disposed before the gradient: nothing behind it needs it.
                using Tensor resized = Resize.To(some, labels);
                sum = part(resized, labels.Narrow(0, first, count));
            }

            if (wantsGradient)
            {
                gradients.Add(inner.Keep(Autograd.Grad(sum, [some])[0]));
            }

            total.Add_(sum.Detach());
        }

        Tensor? gradient = !wantsGradient ? null : gradients.Count == 1 ? gradients[0] : Tensor.Cat(gradients, 0);
        return (scope.Keep(total), gradient is null ? null : scope.Keep(gradient));
    }

    /// <summary>A number for every pixel.</summary>
    /// <param name="logits">Logits <c>[N, K, h, w]</c>, outside the graph.</param>
    /// <param name="labels">Labels <c>[N, H, W]</c>.</param>
    /// <param name="map">The numbers <c>[n, H, W]</c> of some images, from their logits <c>[n, K, H, W]</c> and labels.</param>
    /// <returns>The numbers <c>[N, H, W]</c>, outside the graph.</returns>
    public static Tensor Map(Tensor logits, Tensor labels, Func<Tensor, Tensor, Tensor> map)
    {
        using TensorScope scope = new();
        using GradMode noGrad = Autograd.NoGrad();
        List<Tensor> parts = [];
        foreach ((long first, long count) in Ranges(logits, labels))
        {
            using TensorScope inner = new();
            using Tensor resized = Resize.To(logits.Narrow(0, first, count), labels);
            parts.Add(inner.Keep(map(resized, labels.Narrow(0, first, count))));
        }

        return scope.Keep(parts.Count == 1 ? parts[0] : Tensor.Cat(parts, 0));
    }

    private static IEnumerable<(long First, long Count)> Ranges(Tensor logits, Tensor labels)
    {
        long images = logits.Size(0), height = labels.Size(1), width = labels.Size(2);
        long most = PixelsAtATime(images, logits.Size(1), height, width) / (height * width);
        for (long first = 0; first < images; first += most)
        {
            yield return (first, Math.Min(most, images - first));
        }
    }
}
