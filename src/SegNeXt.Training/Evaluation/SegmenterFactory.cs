using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>How to open an engine.</summary>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">CPU threads, or null for one per core.</param>
/// <param name="Precision">Number format of the network's products.</param>
/// <param name="Tf32">Whether a GPU may round the inputs of products in single precision.</param>
/// <param name="Recorded">Whether a GPU's pass is recorded as a CUDA graph, for many pictures of one size.</param>
public sealed record EngineOptions(
    string Device = "cpu", int? Threads = null, Precision Precision = Precision.Fp32, Tf32 Tf32 = Tf32.Default, bool Recorded = false);

/// <summary>An opened engine and what loading its weights had to say.</summary>
/// <param name="Segmenter">The engine; the caller disposes it.</param>
/// <param name="Loaded">What was loaded: "loaded N of N tensors", skipped tensors, notes.</param>
public sealed record OpenedSegmenter(ISegmenter Segmenter, LoadReport Loaded);

/// <summary>From a weight file to a segmenter.</summary>
public static class SegmenterFactory
{
    /// <summary>Opens the torch engine with a file's weights.</summary>
    /// <param name="weights">A <c>.safetensors</c> or official <c>.pth</c> file of a segmentation model.</param>
    /// <param name="options">Device and threads.</param>
    /// <exception cref="InputException">The file or the device cannot be used.</exception>
    public static OpenedSegmenter Open(string weights, EngineOptions options)
    {
        using ITensorSource source = TensorFiles.Open(weights);
        return Open(source, options);
    }

    /// <summary>Opens the torch engine with tensors that are open already and are not needed any more afterwards.</summary>
    /// <param name="source">A model file that is open, or <see cref="RandomWeights"/>.</param>
    /// <param name="options">Device and threads.</param>
    /// <exception cref="InputException">The tensors or the device cannot be used.</exception>
    public static OpenedSegmenter Open(ITensorSource source, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Device device = TorchSetup.Open(options);
        if (options.Recorded && !(device.IsCuda && CudaGraph.IsAvailable))
        {
            throw new InputException(device.IsCuda
                ? "The native library was built without CUDA's headers, so it cannot record CUDA graphs; docs/cuda.md says where it looks for them."
                : "CUDA graphs are a GPU's: --device cuda.");
        }

        using Generator generator = new(0);
        (SegmentationModel model, LoadReport report) = ModelLoader.OpenSegmentationModel(source, generator);
        model.To(device);
        model.To(MemoryFormat.ChannelsLast);
        return new OpenedSegmenter(TorchSegmenter.Own(model, device, options.Precision, options.Recorded), report);
    }
}
