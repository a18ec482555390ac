using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// SegFormer's all-MLP decoder: each stage through a linear layer to E channels, resized to the first stage that is read,
/// concatenated from the last stage to the first, fused by a 1×1 convolution with batch norm and ReLU; dropout, classifier.
/// </summary>
/// <remarks>
/// Xie et al., SegFormer (NeurIPS 2021), Section 3.2; <c>SegFormerHead</c> of the released <c>segformer_head.py</c>, whose
/// names these are. SegNeXt (arXiv:2209.08575), Fig. 3 (a) and Table 7 (a).
/// </remarks>
public sealed class MlpHead : DecodeHead
{
    private readonly (int Stage, Projection Layer)[] _projections;
    private readonly ConvBatchNormRelu _fuse;
    private readonly Conv2d _classifier;
    private readonly Dropout2d _dropout;

    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model; the decoder's <see cref="DecoderConfig.Channels"/> are E.</param>
    /// <param name="generator">Source of the initial weights and of the dropout's masks.</param>
    public MlpHead(ModelConfig config, Generator generator)
        : base(config, generator)
    {
        int embed = Decoder.Channels;
        _projections = [.. Decoder.InputStages.Reverse().Select(stage => (stage, RegisterModule(
            string.Create(CultureInfo.InvariantCulture, $"linear_c{stage + 1}"), new Projection(config.Encoder.EmbedDims[stage], embed, generator))))];
        _fuse = RegisterModule("linear_fuse", new ConvBatchNormRelu(_projections.Length * embed, embed, generator));
        _classifier = RegisterModule("linear_pred", new Conv2d(embed, config.NumClasses, (1, 1)));
        Initialisation.UniformFanIn(_classifier.Weight, _classifier.Bias, generator);
        _dropout = RegisterModule("dropout", new Dropout2d(Decoder.Dropout, generator));
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        using TensorScope scope = new();
        Tensor first = stages[Decoder.InputStages[0]];
        (int, int) size = ((int)first.Size(2), (int)first.Size(3));
        Tensor joined = Tensor.Cat([.. _projections.Select(projection => Resize(projection.Layer.Forward(stages[projection.Stage]), size))], 1);
        return scope.Keep(_classifier.Forward(_dropout.Forward(_fuse.Forward(joined))));
    }

    private static Tensor Resize(Tensor x, (int H, int W) size) => ((int)x.Size(2), (int)x.Size(3)) == size
        ? x
        : Functional.Interpolate(x, size, InterpolationMode.Bilinear, alignCorners: false);

    /// <summary>The released code's <c>MLP</c>: one linear layer over channels, at every position.</summary>
    private sealed class Projection : Module
    {
        private readonly Linear _linear;

        public Projection(int inChannels, int embed, Generator generator)
        {
            _linear = RegisterModule("proj", new Linear(inChannels, embed));
            Initialisation.UniformFanIn(_linear.Weight, _linear.Bias, generator);
        }

        /// <summary>As a 1×1 convolution, which it is: the map need not be turned round and back.</summary>
        public Tensor Forward(Tensor x) => _linear.Weight.Unsqueeze(2).Then(static weight => weight.Unsqueeze(3))
            .Then(weight => Functional.Conv2d(x, weight, _linear.Bias));
    }
}
