using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The torch engine: a network on libtorch, CPU or CUDA, behind the interface that both engines share.</summary>
public sealed class TorchSegmenter : ISegmenter
{
    private readonly SegmentationModel _model;
    private readonly Device _device;
    private readonly bool _ownsModel;
    private readonly Normalize _normaliser;

    /// <summary>Wraps a network.</summary>
    /// <param name="model">The network, on <paramref name="device"/>; it is put in evaluation mode at every call.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="ownsModel">Whether disposing the segmenter disposes the network.</param>
    public TorchSegmenter(SegmentationModel model, Device device, bool ownsModel = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _device = device;
        _ownsModel = ownsModel;
        _normaliser = new Normalize(model.Config.Mean, model.Config.Std);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _model.Config;

    /// <inheritdoc/>
    public LogitMap Forward(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (_device.Type == DeviceType.Cpu)
        {
            ActivationMemory.Require(Config, image.Height, image.Width, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }

        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        Tensor logits = Run(image).To(Device.Cpu).Contiguous();
        return new LogitMap((int)logits.Size(1), (int)logits.Size(2), (int)logits.Size(3), logits.ToArray<float>());
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image)
    {
        LogitMap logits = Forward(image);
        return LogitResize.ArgMax(logits, image.Height, image.Width);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    private Tensor Run(RgbImage image)
    {
        bool training = _model.Training;
        _model.Eval();
        try
        {
            var values = new float[3L * image.Height * image.Width];
            _normaliser.Apply(image, values);
            Tensor x = Tensor.FromArray<float>(values, [1, 3, image.Height, image.Width]).To(_device).To(MemoryFormat.ChannelsLast);
            return _model.Forward(x);
        }
        finally
        {
            _model.Train(training);
        }
    }
}
