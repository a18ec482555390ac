using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The hamburger's ham: X ≈ B·Cᵀ by multiplicative updates, <c>C ← C ⊙ XᵀB / (C·BᵀB + ε)</c>, then
/// <c>B ← B ⊙ XC / (B·CᵀC + ε)</c>, starting from C = softmax(XᵀB); after the last round C is updated once more, and
/// the product is the result. Gradients flow through every round.
/// </summary>
/// <remarks>
/// Geng et al., Is Attention Better Than Matrix Decomposition? (ICLR 2021); <c>NMF2D</c> of the released
/// <c>hamburger.py</c>. In training the bases are drawn from the run's generator for each image and step; in evaluation
/// they are one stored set, so that one image has one answer. The rounds are in single precision at least, also under
/// <see cref="Autocast"/>: their products run over all positions, which leaves the range of half precision, and ε is none there.
/// </remarks>
public sealed class NonNegativeMatrixFactorisation : Module
{
    private const double Epsilon = 1e-6;

    private readonly int _rank;
    private readonly int _trainSteps;
    private readonly int _evalSteps;
    private readonly Generator _generator;
    private readonly Tensor _bases;

    /// <summary>Creates the factorisation with the default set of evaluation bases.</summary>
    /// <param name="dim">Channels D.</param>
    /// <param name="rank">Number of bases R.</param>
    /// <param name="trainSteps">Rounds in training.</param>
    /// <param name="evalSteps">Rounds in evaluation.</param>
    /// <param name="generator">Source of the bases in training.</param>
    public NonNegativeMatrixFactorisation(int dim, int rank, int trainSteps, int evalSteps, Generator generator)
    {
        _rank = rank;
        _trainSteps = trainSteps;
        _evalSteps = evalSteps;
        _generator = generator;
        _bases = RegisterBuffer("bases", Tensor.FromArray<float>(NmfBases.Default(dim, rank), [1, dim, rank]));
    }

    /// <summary>Bases <c>[1 or N, D, R]</c> to start from in evaluation instead of the stored set; null uses that.</summary>
    public Tensor? EvaluationBases { get; set; }

    /// <summary>Bases <c>[1 or N, D, R]</c> to start from instead of random ones in training; null draws them.</summary>
    public Tensor? TrainingBases { get; set; }

    /// <summary>Whose kernels compute the factorisation.</summary>
    internal KernelChoice Kernels { get; set; }

    /// <summary>Factorises and multiplies out again.</summary>
    /// <param name="map">Non-negative features <c>[N, D, H, W]</c>.</param>
    /// <returns>A new tensor <c>[N, D, H, W]</c> of rank R at most.</returns>
    public Tensor Forward(Tensor map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using TensorScope scope = new();
        using AutocastScope exact = Autocast.Leave(map.Device.Type);
        Tensor product = Factorise(map.Type is ScalarType.Float16 or ScalarType.BFloat16 ? map.To(ScalarType.Float32) : map);
        return scope.Keep(product.To(map.Type));
    }

    private Tensor Factorise(Tensor map)
    {
        int steps = Training ? _trainSteps : _evalSteps;
        if (Kernels == KernelChoice.Fused && FusedFactorisation.Take(map, _rank))
        {
            return FusedFactorisation.Run(map, InitialBases(map), steps, Epsilon);
        }

        long n = map.Size(0), d = map.Size(1), height = map.Size(2), width = map.Size(3);
        Tensor x = map.Reshape(n, d, height * width); // X: [N, D, P], P = H·W
        Tensor xt = x.Transpose(1, 2); // [N, P, D]
        Tensor bases = InitialBases(map); // B: [N, D, R]
        Tensor coefficients = xt.Bmm(bases).Softmax(-1); // C: [N, P, R]
        for (int i = 0; i < steps; i++)
        {
            coefficients = UpdateCoefficients(xt, bases, coefficients);
            Tensor gram = coefficients.Transpose(1, 2).Bmm(coefficients); // CᵀC: [N, R, R]
            bases = bases * x.Bmm(coefficients) / (bases.Bmm(gram) + Epsilon);
        }

        coefficients = UpdateCoefficients(xt, bases, coefficients);
        return bases.Bmm(coefficients.Transpose(1, 2)).Reshape(n, d, height, width);
    }

    private static Tensor UpdateCoefficients(Tensor xt, Tensor bases, Tensor coefficients)
    {
        Tensor gram = bases.Transpose(1, 2).Bmm(bases); // BᵀB: [N, R, R]
        return coefficients * xt.Bmm(bases) / (coefficients.Bmm(gram) + Epsilon);
    }

    private Tensor InitialBases(Tensor map)
    {
        long n = map.Size(0), d = map.Size(1);
        Tensor? given = Training ? TrainingBases : EvaluationBases ?? _bases;
        if (given is not null)
        {
            return given.To(map.Device).To(map.Type).Expand(n, d, _rank);
        }

        // Drawn on the CPU whatever the device, so that a seed means the same run everywhere.
        Tensor raw = _generator.DrawImages([n, d, _rank], shape => Tensor.Uniform(shape, 0, 1, _generator));
        return Functional.Normalize(raw, 1).To(map.Device, nonBlocking: true).To(map.Type);
    }
}
