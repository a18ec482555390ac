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
    private readonly PictureTensor _pictures;
    private readonly List<Tensor> _kept = [];
    private Precision _precision;
    private RecordedNetwork? _recorded;

    /// <summary>Wraps a network, which is computed in single precision.</summary>
    /// <param name="model">The network, on <paramref name="device"/>; it is put in evaluation mode at every call.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="ownsModel">Whether disposing the segmenter disposes the network.</param>
    public TorchSegmenter(SegmentationModel model, Device device, bool ownsModel = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _device = device;
        _ownsModel = ownsModel;
        _pictures = new PictureTensor(model.Config, device);
    }

    /// <inheritdoc/>
    public ModelConfig Config => _model.Config;

    /// <summary>Where the network lives.</summary>
    public Device Device => _device;

    /// <summary>
    /// Takes over a network that nothing else will use: its convolutions and linear layers keep their weights in the number
    /// format that they compute in, which spares the conversion at every picture and half of their memory.
    /// </summary>
    /// <param name="model">The network, on the device, in evaluation; disposed with the segmenter.</param>
    /// <param name="device">The device.</param>
    /// <param name="precision">The number format.</param>
    /// <param name="recorded">Whether the pass is recorded as a CUDA graph for each size of picture.</param>
    public static TorchSegmenter Own(SegmentationModel model, Device device, Precision precision, bool recorded = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        TorchSegmenter segmenter = new(model, device) { _precision = precision };
        if (precision != Precision.Fp32)
        {
            foreach (Module product in model.NamedModules().Select(entry => entry.Value).Where(module => module is Conv2d or Linear))
            {
                product.To(precision.Type());
            }
        }

        if (recorded)
        {
            segmenter._recorded = new RecordedNetwork(segmenter.Compute, device);
        }

        return segmenter;
    }

    /// <inheritdoc/>
    public LogitMap Forward(RgbImage image)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        Tensor logits = Run(image).To(Device.Cpu).Contiguous();
        return new LogitMap((int)logits.Size(0), (int)logits.Size(1), (int)logits.Size(2), logits.ToArray<float>());
    }

    /// <inheritdoc/>
    public LabelMap Segment(RgbImage image)
    {
        if (!_device.IsCuda)
        {
            return LogitResize.ArgMax(Forward(image), image.Height, image.Width);
        }

        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        return DeviceArgMax.Of(Run(image).Unsqueeze(0), image.Height, image.Width);
    }

    /// <summary>Puts a picture on the device and gives the network's pass over it by itself: for measuring it.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>Computes the logits and leaves them on the device; the picture stays there until the segmenter goes.</returns>
    public Action Network(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using GradMode noGrad = Autograd.NoGrad();
        Tensor x = _pictures.Of(image);
        x.LeaveScopes();
        _kept.Add(x);
        return () =>
        {
            using GradMode inner = Autograd.NoGrad();
            using TensorScope scope = new();
            Pass(x);
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorded?.Dispose();
        _pictures.Dispose();
        _kept.ForEach(static x => x.Dispose());
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    /// <summary>Logits <c>[K, h, w]</c> of a picture, in single precision, on the device.</summary>
    private Tensor Run(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (_device.Type == DeviceType.Cpu)
        {
            ActivationMemory.Require(Config, image.Height, image.Width, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }

        return Pass(_pictures.Of(image)).Select(0, 0);
    }

    private Tensor Pass(Tensor x)
    {
        bool training = _model.Training;
        _model.Eval();
        try
        {
            return _recorded?.Run(x) ?? Compute(x);
        }
        finally
        {
            _model.Train(training);
        }
    }

    private Tensor Compute(Tensor x)
    {
        using AutocastScope format = _precision.Enter(_device);
        return _model.Forward(x).To(ScalarType.Float32);
    }
}
