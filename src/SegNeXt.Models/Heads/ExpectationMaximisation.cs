using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Expectation-maximisation attention between two 1×1 convolutions:
/// <c>y = ReLU(x + ema_out(ReLU(EM(ema_mid(x)))))</c>.
/// </summary>
/// <remarks>
/// Li et al., EMANet (ICCV 2019), Section 3.4 and Fig. 2; <c>EMAHead</c> of mmsegmentation between its first and its last
/// convolution, whose names these are. <c>ema_mid_conv</c> keeps its initial weights there: it only lets features of both signs
/// through to the bases. SegNeXt (arXiv:2209.08575), Table 5, "EMA".
/// </remarks>
public sealed class ExpectationMaximisation : ContextModule
{
    private readonly FixedConv _in;
    private readonly ConvModule _out;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="dim">Channels D.</param>
    /// <param name="groups">Groups of the norm behind <c>ema_out_conv</c>.</param>
    /// <param name="generator">Source of the initial weights and bases.</param>
    public ExpectationMaximisation(int dim, int groups, Generator generator)
    {
        Rounds = RegisterModule("ema_module", new ExpectationMaximisationRounds(dim, DecoderTypes.EmaBases, DecoderTypes.EmaStages, generator));
        _in = RegisterModule("ema_mid_conv", new FixedConv(dim, generator));
        _out = RegisterModule("ema_out_conv", new ConvModule(dim, dim, groups, generator));
    }

    /// <summary>The rounds in the middle.</summary>
    public ExpectationMaximisationRounds Rounds { get; }

    /// <summary>A second computation in training would move the bases twice.</summary>
    internal override bool IsRepeatable => !Training;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) =>
        _in.Forward(x).Then(Rounds.Forward).Then(Functional.Relu).Then(_out.Forward).Then(y => x + y).Then(Functional.Relu);

    internal override void Use(KernelChoice choice) => _out.Kernels = choice;

    /// <summary>A 1×1 convolution that is not learned, under the name <c>conv</c> of mmcv's <c>ConvModule</c>.</summary>
    private sealed class FixedConv : Module
    {
        private readonly Values _values;

        public FixedConv(int dim, Generator generator) => _values = RegisterModule("conv", new Values(dim, generator));

        public Tensor Forward(Tensor x) => Functional.Conv2d(x, _values.Weight, _values.Bias);

        private sealed class Values : Module
        {
            public Values(int dim, Generator generator)
            {
                using Conv2d drawn = new(dim, dim, (1, 1));
                Initialisation.KaimingFanOut(drawn, generator);
                Weight = RegisterBuffer("weight", drawn.Weight.Detach().Clone());
                Bias = RegisterBuffer("bias", drawn.Bias!.Detach().Clone());
            }

            public Tensor Weight { get; }

            public Tensor Bias { get; }
        }
    }
}
