using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Pictures as a network's input: normalised on the CPU exactly as in training; on a GPU there, from the bytes, which are a
/// quarter of the numbers to copy.
/// </summary>
internal sealed class PictureTensor : IDisposable
{
    private readonly Device _device;
    private readonly Normalize _normaliser;
    private readonly Tensor? _mean;
    private readonly Tensor? _scale;

    /// <summary>Prepares for a model's pictures.</summary>
    /// <param name="config">Gives mean and deviation.</param>
    /// <param name="device">Where the pictures go.</param>
    public PictureTensor(ModelConfig config, Device device)
    {
        _device = device;
        _normaliser = new Normalize(config.Mean, config.Std);
        if (device.IsCuda)
        {
            _mean = Channels(config.Mean);
            _scale = Channels([.. config.Std.Select(static std => 1 / std)]);
        }
    }

    /// <summary>A picture <c>[1, 3, H, W]</c> on the device, channels last.</summary>
    /// <param name="image">The picture.</param>
    public Tensor Of(RgbImage image)
    {
        if (_mean is null || _scale is null)
        {
            var values = new float[3L * image.Height * image.Width];
            _normaliser.Apply(image, values);
            using Tensor planes = Tensor.FromArray<float>(values, [1, 3, image.Height, image.Width]);
            return planes.To(MemoryFormat.ChannelsLast);
        }

        using TensorScope scope = new();
        Tensor pixels = Tensor.FromArray<byte>(image.Pixels, [1, image.Height, image.Width, 3], _device).Permute(0, 3, 1, 2).To(ScalarType.Float32);
        return scope.Keep((pixels - _mean) * _scale);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean?.Dispose();
        _scale?.Dispose();
    }

    private Tensor Channels(IReadOnlyList<double> values)
    {
        Tensor all = Tensor.FromArray<float>(values.Select(static value => (float)value).ToArray(), [1, 3, 1, 1], _device);
        all.LeaveScopes();
        return all;
    }
}
