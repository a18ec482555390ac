using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>From a configuration to the network it names.</summary>
public static class ModelFactory
{
    /// <summary>Creates the network with initial weights.</summary>
    /// <param name="config">With a decoder a segmentation model, without one MSCAN's classifier.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training; kept by the model.</param>
    /// <returns>The network, on the CPU, in training mode; it is a <see cref="Module"/> and an <see cref="IModel"/>.</returns>
    public static Module Create(ModelConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Decoder is null ? new MscanClassifier(config, generator) : new SegmentationModel(config, generator);
    }
}
