namespace SegNeXt.Data;

/// <summary>What the batches of a <see cref="DataLoader"/> are made of. Safe to use from many threads.</summary>
public interface ITrainingSamples
{
    /// <summary>Number of samples to draw from.</summary>
    int Count { get; }

    /// <summary>The largest shape that any batch has.</summary>
    BatchShape Largest { get; }

    /// <summary>The shape of a batch of the run.</summary>
    /// <param name="batch">Batches before it.</param>
    BatchShape ShapeAt(long batch);

    /// <summary>Makes one sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <param name="shape">The shape of the batch that it goes into.</param>
    /// <param name="random">Where everything random comes from.</param>
    /// <param name="image">Gets the normalised picture, <c>[3, H, W]</c>.</param>
    /// <param name="label">Gets the labels, <c>[H, W]</c>, where the batch has them.</param>
    /// <exception cref="Core.InputException">The sample's files cannot be used.</exception>
    void Make(int index, in BatchShape shape, ref SampleRandom random, Span<float> image, Span<byte> label);
}

/// <summary>What a batch's arrays hold for one sample.</summary>
/// <param name="Height">Rows H.</param>
/// <param name="Width">Columns W.</param>
/// <param name="HasLabels">Whether each pixel has a label.</param>
public readonly record struct BatchShape(int Height, int Width, bool HasLabels);
