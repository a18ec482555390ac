namespace SegNeXt.Kernels;

/// <summary>The weights of a depth-wise convolution, or of a sum of several, one row of channels a tap, and the bias.</summary>
public sealed unsafe class DepthWiseTaps : IDisposable
{
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _bias;

    /// <summary>Room for weights; all zeros.</summary>
    /// <param name="count">Number of taps.</param>
    /// <param name="channels">Number of channels, whole vectors.</param>
    public DepthWiseTaps(int count, int channels)
    {
        Count = count;
        Channels = channels;
        _weights = new AlignedBuffer((long)count * channels);
        _bias = new AlignedBuffer(channels);
    }

    /// <summary>Number of taps.</summary>
    public int Count { get; }

    /// <summary>Number of channels.</summary>
    public int Channels { get; }

    /// <summary>A number a channel.</summary>
    public Span<float> Bias => new(_bias.Data, Channels);

    internal float* WeightData => _weights.Data;

    internal float* BiasData => _bias.Data;

    /// <summary>The weights of a tap.</summary>
    /// <param name="tap">0 to <see cref="Count"/> − 1.</param>
    public Span<float> this[int tap]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tap, (uint)Count);
            return new(_weights.Data + ((nint)tap * Channels), Channels);
        }
    }

    /// <summary>Multiplies weights and bias, and with them the results.</summary>
    /// <param name="factor">By what.</param>
    public void Scale(float factor)
    {
        Multiply(_weights);
        Multiply(_bias);

        void Multiply(AlignedBuffer values)
        {
            for (long i = 0; i < values.Count; i++)
            {
                values.Data[i] *= factor;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
    }
}
