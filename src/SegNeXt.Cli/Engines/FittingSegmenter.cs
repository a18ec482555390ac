using SegNeXt.Core;
using SegNeXt.Inference;

namespace SegNeXt.Cli;

/// <summary>
/// The managed engine behind a look at the machine's memory: a picture that cannot pass at once is refused in words, where the
/// system would end the process without any.
/// </summary>
/// <param name="engine">The engine; disposed with this.</param>
/// <param name="available">Bytes that the process may use.</param>
internal sealed class FittingSegmenter(ManagedSegmenter engine, long available) : ISegmenter
{
    private (int Width, int Height) _checked;

    /// <inheritdoc/>
    public ModelConfig Config => engine.Config;

    /// <summary>Bytes of maps that the engine plans for a picture, beside its weights.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public long WorkingMemoryFor(int width, int height) => engine.WorkingMemoryFor(width, height);

    /// <inheritdoc/>
    public LogitMap Forward(RgbImage image)
    {
        Require(image);
        return engine.Forward(image);
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image)
    {
        Require(image);
        return engine.Segment(image);
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();

    private void Require(RgbImage image)
    {
        if (_checked != (image.Width, image.Height))
        {
            ActivationMemory.Require(engine.WorkingMemoryFor(image.Width, image.Height), image.Height, image.Width, available);
            _checked = (image.Width, image.Height);
        }
    }
}
