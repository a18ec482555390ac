using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Cli.Tests;

/// <summary>A network of a few thousand parameters with random weights, as a file; its masks are noisy and hold many classes.</summary>
internal static class SmallModel
{
    /// <summary>Skips the test where there is no libtorch.</summary>
    public static void RequireTorch() => Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);

    /// <summary>Writes one.</summary>
    /// <param name="path">A <c>.safetensors</c> path.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="names">Names of the classes, or null.</param>
    public static void Write(string path, int classes, string[]? names = null)
    {
        RequireTorch();
        ModelConfig config = new()
        {
            Encoder = new MscanConfig { EmbedDims = [8, 16, 16, 32], Depths = [1, 1, 1, 1] },
            Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 8 },
            NumClasses = classes,
            ClassNames = names,
        };
        using Generator generator = new(5);
        using SegmentationModel model = new(config, generator);
        using (GradMode noGrad = Autograd.NoGrad())
        using (TensorScope scope = new())
        {
            // The classifier begins near zero, which would leave one class everywhere.
            Tensor weight = model.StateTensors().First(entry => entry.Key == "decode_head.conv_seg.weight").Value;
            weight.CopyFrom_(Tensor.Normal(weight.Shape, 0, 1, generator));
        }

        ModelState.Save(path, model, config);
    }
}
