using Microsoft.AspNetCore.Http;
using SegNeXt.Core;
using SegNeXt.Inference;

namespace SegNeXt.Server;

/// <summary>The managed engine with its test-time strategies, each call of which can be cancelled.</summary>
/// <param name="engine">The engine; not disposed.</param>
/// <param name="available">Bytes that the process may use.</param>
internal sealed class PictureEngine(ManagedSegmenter engine, long available) : IPictureEngine
{
    /// <inheritdoc/>
    public ModelConfig Config => engine.Config;

    /// <inheritdoc/>
    public void Require(int width, int height, TestOptions test)
    {
        double needed = MemoryFor(width, height, test);
        if (needed > available)
        {
            throw new ProblemException(
                StatusCodes.Status413PayloadTooLarge,
                "too_little_memory",
                $"The picture's {width}×{height} pixels need about {needed / 1e9:0.0} GB of memory, and the server may use {available / 1e9:0.0}; send a smaller picture, or ask for a smaller max_side.");
        }
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image, TestOptions test, CancellationToken cancellation) =>
        new TestTimeSegmenter(new Cancellable(engine, cancellation), test).Predict(image, PredictOutputs.Ids, cancellation).Ids!;

    /// <summary>The engine's block, the pictures, and where the strategy holds scores of each class, those.</summary>
    private double MemoryFor(int width, int height, TestOptions test)
    {
        double pixels = (double)width * height;
        double largest = 0, scores = 0;
        bool averages = test.Scales.Length > 1 || test.Flip;
        foreach (double scale in test.Scales)
        {
            (int columns, int rows) = test.SizeFor(width, height, scale).Final;
            double seen = (double)columns * rows;
            (int w, int h) = test.Mode == TestMode.Slide ? (Math.Min(columns, test.CropWidth), Math.Min(rows, test.CropHeight)) : (columns, rows);
            largest = Math.Max(largest, engine.WorkingMemoryFor(w, h));
            bool direct = !averages && test.Mode == TestMode.Whole && seen == pixels;
            scores = Math.Max(scores, direct ? 0 : seen + (averages ? 2 * pixels : 0));
        }

        // Read as it is, turned by its orientation and as ids; scores are floats of each class.
        return largest + (7 * pixels) + (scores * Config.NumClasses * sizeof(float));
    }

    private sealed class Cancellable(ManagedSegmenter engine, CancellationToken cancellation) : ISegmenter
    {
        public ModelConfig Config => engine.Config;

        public LogitMap Forward(RgbImage image) => engine.Forward(image, cancellation);

        public LabelMap Segment(RgbImage image) => engine.Segment(image, cancellation);

        public void Dispose()
        {
        }
    }
}
