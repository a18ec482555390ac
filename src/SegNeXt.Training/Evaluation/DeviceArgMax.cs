using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Class ids at a picture's size from logits at an eighth of it, on the device that has them: a byte a pixel comes back
/// instead of all logits. A few classes are enlarged at a time, so that the memory does not grow with their number.
/// </summary>
internal static class DeviceArgMax
{
    /// <summary>Elements of enlarged logits at a time (256 MB), unless one class has more.</summary>
    private const long MostElements = 1L << 26;

    /// <summary>Enlarges bilinearly (<c>align_corners=False</c>) and takes the class with the highest logit, the first of equals.</summary>
    /// <param name="logits">Logits <c>[1, K, h, w]</c>, outside the graph, K at most 256.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="most">Elements at a time; for tests.</param>
    public static LabelMap Of(Tensor logits, int height, int width, long most = MostElements)
    {
        using TensorScope scope = new();
        long classes = logits.Size(1);
        long atATime = Math.Clamp(most / ((long)height * width), 1, classes);
        Tensor? best = null, ids = null;
        for (long first = 0; first < classes; first += atATime)
        {
            long count = Math.Min(atATime, classes - first);
            Tensor some = Functional.Interpolate(logits.Narrow(1, first, count), (height, width), InterpolationMode.Bilinear, alignCorners: false);
            Tensor values = some.Max([1]);
            Tensor at = some.ArgMax(1) + first;
            some.Dispose();
            if (best is null || ids is null)
            {
                (best, ids) = (values, at);
                continue;
            }

            Tensor higher = values.Gt(best);
            (best, ids) = (Tensor.Where(higher, values, best), Tensor.Where(higher, at, ids));
        }

        return new LabelMap(width, height, ids!.To(ScalarType.UInt8).Contiguous().ToArray<byte>());
    }
}
