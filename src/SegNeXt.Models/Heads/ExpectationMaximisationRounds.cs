using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Rounds of expectation and maximisation: <c>Z = softmax(XᵀM)</c> over the bases, <c>M = X·Z/ΣZ</c> with columns of length 1;
/// the result is <c>M·Zᵀ</c>. In training the stored bases follow the mean of a batch's.
/// </summary>
/// <remarks>
/// Li et al., EMANet (ICCV 2019), Eq. 11 to 14; <c>EMAModule</c> of mmsegmentation. Gradients flow through the last product
/// alone, not through the rounds. In evaluation the stored bases stay, so that one image has one answer.
/// </remarks>
public sealed class ExpectationMaximisationRounds : Module
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-12;

    private readonly int _stages;

    /// <summary>Creates the rounds with random bases.</summary>
    /// <param name="dim">Channels D.</param>
    /// <param name="bases">Number of bases K.</param>
    /// <param name="stages">Number of rounds, at least 1.</param>
    /// <param name="generator">Source of the bases.</param>
    public ExpectationMaximisationRounds(int dim, int bases, int stages, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 1);
        _stages = stages;
        Bases = RegisterBuffer("bases", Tensor.Normal([1, dim, bases], 0, Math.Sqrt(2.0 / bases), generator).Then(static raw => Functional.Normalize(raw, 1)));
    }

    /// <summary>The stored bases <c>[1, D, K]</c>, L2-normalised over D until they have moved.</summary>
    public Tensor Bases { get; }

    /// <summary>The processes whose batches together the stored bases follow; null, as at first, for this process's alone.</summary>
    public ProcessGroup? Group { get; set; }

    /// <summary>Computes the rounds.</summary>
    /// <param name="map">Features <c>[N, D, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, D, H, W]</c> of rank K at most.</returns>
    public Tensor Forward(Tensor map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using TensorScope scope = new();

        // In single precision also under autocast, as all iterations on moments are.
        using AutocastScope exact = Autocast.Leave(map.Device.Type);
        ScalarType type = map.Type;
        map = type is ScalarType.Float16 or ScalarType.BFloat16 ? map.To(ScalarType.Float32) : map;
        long n = map.Size(0), d = map.Size(1), height = map.Size(2), width = map.Size(3);
        Tensor x = map.Reshape(n, d, height * width); // X: [N, D, P]
        (Tensor bases, Tensor share) = Iterate(x);
        if (Training)
        {
            Move(bases);
        }

        return scope.Keep(bases.Bmm(share.Transpose(1, 2)).Reshape(n, d, height, width).To(type));
    }

    // No gradient is recorded: in the released code M and Z are constants to the last product.
    private (Tensor Bases, Tensor Share) Iterate(Tensor x)
    {
        using GradMode noGrad = Autograd.NoGrad();
        Tensor features = x.Detach();
        Tensor bases = Bases.Expand(x.Size(0), Bases.Size(1), Bases.Size(2)); // M: [N, D, K]
        Tensor? share = null;
        for (int i = 0; i < _stages; i++)
        {
            share = features.Transpose(1, 2).Bmm(bases).Softmax(2); // Z: [N, P, K]
            Tensor means = share / share.Sum([1], keepDim: true).Clamp(min: Epsilon);
            bases = Functional.Normalize(features.Bmm(means), 1);
        }

        return (bases, share!);
    }

    private void Move(Tensor bases)
    {
        using GradMode noGrad = Autograd.NoGrad();
        Tensor sum = bases.Sum([0], keepDim: true);
        Group?.AllReduce(sum);

        // Its length is made 1, so the number of images does not matter.
        Bases.Lerp_(Functional.Normalize(sum, 1), Momentum);
    }
}
