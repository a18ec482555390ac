using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Non-local attention, embedded Gaussian: <c>y = x + conv_out(softmax(θ(x)ᵀφ(x) / √C′)·g(x))</c>, every position with every
/// other, C′ = D/2. Time and memory grow with the square of the positions.
/// </summary>
/// <remarks>
/// Wang et al., Non-local Neural Networks (CVPR 2018), Section 3.2; <c>NonLocal2d</c> of mmcv with <c>use_scale</c>, whose names
/// these are. SegNeXt (arXiv:2209.08575), Table 5, "NL".
/// </remarks>
public sealed class NonLocalBlock : ContextModule
{
    private const double ProjectionStd = 0.01;

    private readonly Projection _value;
    private readonly OutputProjection _out;
    private readonly Projection _query;
    private readonly Projection _key;

    /// <summary>Creates the module with initial weights; it starts as the identity.</summary>
    /// <param name="dim">Channels D, even.</param>
    /// <param name="groups">Groups of the norm behind <c>conv_out</c>.</param>
    /// <param name="generator">Source of the initial weights.</param>
    public NonLocalBlock(int dim, int groups, Generator generator)
    {
        int inner = dim / Core.DecoderTypes.NonLocalReduction;
        _value = RegisterModule("g", new Projection(dim, inner, generator));
        _out = RegisterModule("conv_out", new OutputProjection(inner, dim, groups, generator));
        _query = RegisterModule("theta", new Projection(dim, inner, generator));
        _key = RegisterModule("phi", new Projection(dim, inner, generator));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using TensorScope scope = new();
        long n = x.Size(0), height = x.Size(2), width = x.Size(3), positions = height * width;
        Tensor query = Flat(_query.Forward(x)); // [N, C′, P]
        Tensor key = Flat(_key.Forward(x)); // [N, C′, P]
        Tensor value = Flat(_value.Forward(x)); // [N, C′, P]
        long inner = value.Size(1);
        Tensor weights = query.Transpose(1, 2).Bmm(key).Then(likeness => likeness / Math.Sqrt(inner)).Then(static likeness => likeness.Softmax(-1)); // [N, P, P]
        Tensor context = value.Bmm(weights.Transpose(1, 2)).Reshape(n, inner, height, width);
        return scope.Keep(x + _out.Forward(context));

        Tensor Flat(Tensor map) => map.Reshape(n, map.Size(1), positions);
    }

    /// <summary>A 1×1 convolution under the name <c>conv</c> of mmcv's <c>ConvModule</c>.</summary>
    private sealed class Projection : Module
    {
        private readonly Conv2d _convolution;

        public Projection(int inChannels, int outChannels, Generator generator)
        {
            _convolution = RegisterModule("conv", new Conv2d(inChannels, outChannels, (1, 1)));
            Initialisation.NormalWeights(_convolution, ProjectionStd, generator);
        }

        public Tensor Forward(Tensor x) => _convolution.Forward(x);
    }

    /// <summary>A 1×1 convolution and a group norm whose gain starts at 0.</summary>
    private sealed class OutputProjection : Module
    {
        private readonly Conv2d _convolution;
        private readonly GroupNorm _norm;

        public OutputProjection(int inChannels, int outChannels, int groups, Generator generator)
        {
            _convolution = RegisterModule("conv", new Conv2d(inChannels, outChannels, (1, 1), bias: false));
            _norm = RegisterModule("gn", new GroupNorm(groups, outChannels));
            Initialisation.KaimingFanOut(_convolution, generator);
            Initialisation.Zeros(_norm.Weight);
        }

        public Tensor Forward(Tensor x) => _convolution.Forward(x).Then(_norm.Forward);
    }
}
