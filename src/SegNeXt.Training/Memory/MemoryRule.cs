using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Says before the first step when a step will not fit into memory: the system ends a process that takes too much
/// without a word.
/// </summary>
internal static class MemoryRule
{
    // Scratch memory below libtorch, fragments of the heap: what was seen of real steps beyond the estimate, generously.
    private const double Generous = 1.25;

    // Below this there is no doubt.
    private const double Sure = 0.8;

    private const string Remedies =
        "make train.batch smaller and train.accumulate larger by as much (the same images a step), make train.crop smaller, set train.activation_checkpointing=blocks, or take a smaller model.size";

    /// <summary>Bytes that the loader's batches take: pictures of float32 and labels, those in preparation included.</summary>
    /// <param name="train">The settings.</param>
    public static long OfLoader(TrainSettings train) =>
        (long)((new Data.LoaderOptions().Prefetch + 1.0) * train.Batch * train.Crop.Height * train.Crop.Width * ((3 * sizeof(float)) + 1));

    /// <summary>Compares what is needed with what there is.</summary>
    /// <param name="step">Bytes of a step.</param>
    /// <param name="loader">Bytes of the loader.</param>
    /// <param name="available">Bytes that can still be taken.</param>
    /// <returns>A warning where it may not suffice; null where it does.</returns>
    /// <exception cref="InputException">It cannot suffice.</exception>
    public static string? Check(long step, long loader, long available)
    {
        if (((double)step * Sure) + loader > available)
        {
            throw new InputException($"A training step needs about {Gigabytes(step + loader)} of memory, and {Gigabytes(available)} are available: {Remedies}.");
        }

        return ((double)step * Generous) + loader > available
            ? $"A training step needs about {Gigabytes(step + loader)} of memory, and {Gigabytes(available)} are available; should the system end the run, {Remedies}."
            : null;
    }

    private static string Gigabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.0} GiB");
}
