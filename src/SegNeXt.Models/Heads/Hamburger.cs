using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Global context by matrix decomposition between two 1×1 convolutions ("bread"):
/// <c>y = ReLU(x + ham_out(NMF(ReLU(ham_in(x)))))</c>.
/// </summary>
/// <remarks>Geng et al. (ICLR 2021); <c>Hamburger</c> of the released <c>ham_head.py</c>.</remarks>
public sealed class Hamburger : ContextModule
{
    private readonly ConvModule _in;
    private readonly ConvModule _out;

    /// <summary>Creates the module with initial weights.</summary>
    /// <param name="config">The decoder's sizes.</param>
    /// <param name="generator">Source of the initial weights and of the training bases.</param>
    public Hamburger(DecoderConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        int d = config.HamChannels;
        _in = RegisterModule("ham_in", new ConvModule(d, d, null, generator));
        Factorisation = RegisterModule("ham", new NonNegativeMatrixFactorisation(d, config.NmfRank, config.NmfTrainSteps, config.NmfEvalSteps, generator));
        _out = RegisterModule("ham_out", new ConvModule(d, d, config.GroupNormGroups, generator));
    }

    /// <summary>The factorisation in the middle.</summary>
    public NonNegativeMatrixFactorisation Factorisation { get; }

    internal override void Use(KernelChoice choice) => (_in.Kernels, Factorisation.Kernels, _out.Kernels) = (choice, choice, choice);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor ham = _in.Forward(x).Then(Functional.Relu).Then(Factorisation.Forward);
        return ham.Then(_out.Forward).Then(y => x + y).Then(Functional.Relu);
    }
}
