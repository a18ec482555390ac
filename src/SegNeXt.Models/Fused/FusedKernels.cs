using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>What the fused functions share: which maps they take, and the way from tensors to memory.</summary>
internal static unsafe class FusedKernels
{
    /// <summary>
    /// Whether the kernels can compute with a map. Under autocast they step aside: who asks for 16 bits gets them.
    /// </summary>
    /// <param name="x">The map.</param>
    public static bool Take(Tensor x) =>
        x.Device.Type == DeviceType.Cpu && !Autocast.IsOn(DeviceType.Cpu) && x.Type == ScalarType.Float32 && x.NumElements > 0 && x.Size(1) % TrainingShape.ChannelStep == 0;

    /// <summary>Sizes of a map [N, C, H, W].</summary>
    public static TrainingShape ShapeOf(Tensor x) => new((int)x.Size(0), (int)x.Size(2), (int)x.Size(3), (int)x.Size(1));

    /// <summary>A new map [N, C, H, W] with channels last; its values are whatever they are.</summary>
    public static Tensor NewMap(TrainingShape shape) =>
        Tensor.Empty([shape.Batch, shape.Height, shape.Width, shape.Channels]).Then(static map => map.Permute(0, 3, 1, 2));

    /// <summary>The first number of a map with channels last.</summary>
    public static float* Map(Tensor map) => map.Pointer<float>(MemoryFormat.ChannelsLast);

    /// <summary>The first number of a parameter: its order in memory is the same in both formats, since one of its sides is 1.</summary>
    public static float* Data(Tensor parameter) =>
        parameter.Pointer<float>(parameter.IsContiguous() ? MemoryFormat.Contiguous : MemoryFormat.ChannelsLast);

    /// <summary>Numbers to work with.</summary>
    public static Tensor NewNumbers(long count) => Tensor.Empty([count]);

    /// <summary>Gradients of the same shapes and layouts as the parameters.</summary>
    public static Tensor[] GradientsLike(IEnumerable<Tensor> parameters) => [.. parameters.Select(Tensor.ZerosLike)];

    /// <summary>The norm that a batch norm applies to a map now; in training it counts the batch.</summary>
    /// <param name="team">Runs it.</param>
    /// <param name="x">The map, channels last.</param>
    /// <param name="norm">The module.</param>
    /// <param name="inputs">Where the module's factors and summands come from.</param>
    /// <returns>The norm, of <see cref="BatchNormPass"/>, and the pixels of the batch that it is of.</returns>
    public static (Tensor Rows, double Pixels) Norm(TrainingTeam team, Tensor x, BatchNorm2d norm, (Tensor Weight, Tensor Bias) inputs)
    {
        TrainingShape shape = ShapeOf(x);
        int channels = shape.Channels;
        Tensor rows = NewNumbers(BatchNormPass.Rows * channels);
        float* weight = Data(inputs.Weight), bias = Data(inputs.Bias);
        if (norm.Training)
        {
            var mean = new float[channels];
            var variance = new float[channels];
            StatisticsJoin? join = norm.Group is { } group ? (means, squares, pixels) => SyncBatchNorm.Join(group, means, squares, pixels) : null;
            double all = BatchNormPass.OfBatch(team, shape, Map(x), weight, bias, norm.Eps, Data(rows), mean, variance, join);
            norm.Track(mean, variance);
            return (rows, all);
        }

        BatchNormPass.Of(channels, Data(norm.RunningMean), Data(norm.RunningVar), weight, bias, norm.Eps, Data(rows));
        return (rows, shape.Pixels);
    }
}
