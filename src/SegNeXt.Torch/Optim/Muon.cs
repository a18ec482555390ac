namespace SegNeXt.Torch;

/// <summary>
/// Muon (Keller Jordan, 2024): a step along the nearest matrix without long and short directions to the mean gradient;
/// <see cref="AdamW"/> for parameters that are no matrices.
/// </summary>
/// <remarks>
/// With G a matrix' gradient, μ the momentum: M ← μM + (1 − μ)G; O = NewtonSchulz((1 − μ)G + μM);
/// p ← p · (1 − lr · decay) − lr · 0.2 · √max(rows, columns) · O. NewtonSchulz(X) divides X by its Frobenius norm and
/// replaces it five times by aX + (bA + cA²)X, A = XXᵀ, a = 3.4445, b = −4.7750, c = 2.0315, which takes all singular
/// values near 1. The factor 0.2 · √max(rows, columns) gives a step the size of AdamW's, so that rate and decay mean the
/// same for both (Liu et al., "Muon is scalable for LLM training", arXiv:2502.16982). A convolution's weight is the
/// matrix [outputs, inputs · height · width].
/// </remarks>
public sealed class Muon : IOptimizer
{
    /// <summary>The momentum that all published figures are with.</summary>
    public const double DefaultMomentum = 0.95;

    private const int Rounds = 5;

    private readonly ParameterGroup[] _matrices;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _momenta;
    private readonly long[] _steps;
    private readonly double[] _learningRates;
    private readonly double[] _weightDecays;
    private readonly Dictionary<string, int> _indices = [];
    private readonly AdamW _others;

    /// <summary>An optimizer with zero state.</summary>
    /// <param name="groups">All parameters, each under a name of its own.</param>
    /// <param name="isMatrix">Says which are moved by Muon, of two dimensions or more; the others are AdamW's.</param>
    /// <param name="momentum">μ, in [0, 1).</param>
    /// <param name="beta1">AdamW's β₁, in [0, 1).</param>
    /// <param name="beta2">AdamW's β₂, in [0, 1).</param>
    /// <exception cref="ArgumentException">Two parameters have the same name, or a matrix has one dimension.</exception>
    public Muon(
        IReadOnlyList<ParameterGroup> groups, Func<ParameterGroup, bool> isMatrix, double momentum = DefaultMomentum,
        double beta1 = 0.9, double beta2 = 0.999)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(isMatrix);
        if (momentum is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "A momentum lies in [0, 1).");
        }

        if (groups.GroupBy(static group => group.Name).FirstOrDefault(static names => names.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two parameters are named \"{twice.Key}\".", nameof(groups));
        }

        (Groups, Momentum) = (groups, momentum);
        _matrices = [.. groups.Where(isMatrix)];
        for (int i = 0; i < _matrices.Length; i++)
        {
            ParameterGroup group = _matrices[i];
            if (group.Parameter.Shape.Length < 2)
            {
                throw new ArgumentException($"{group.Name} has {group.Parameter.Shape.Length} dimensions, a matrix two or more.", nameof(isMatrix));
            }

            _indices.Add(group.Name, i);
        }

        _others = new AdamW([.. groups.Where(group => !_indices.ContainsKey(group.Name))], beta1, beta2);
        _parameters = [.. _matrices.Select(static group => group.Parameter)];
        _momenta = Array.ConvertAll(_parameters, AdamW.NewState);
        _steps = new long[_matrices.Length];
        _learningRates = new double[_matrices.Length];
        _weightDecays = [.. _matrices.Select(static group => group.WeightDecay)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Whether a parameter is moved by Muon.</summary>
    /// <param name="name">Its name.</param>
    public bool IsMatrix(string name) => _indices.ContainsKey(name);

    /// <inheritdoc/>
    public void Step()
    {
        for (int i = 0; i < _matrices.Length; i++)
        {
            _learningRates[i] = _matrices[i].LearningRate;
        }

        using HandleList parameters = new(_parameters);
        using HandleList momenta = new(_momenta);
        Native.MuonStep(
            parameters.Pointers, momenta.Pointers, _learningRates, _weightDecays, _steps, parameters.Count, Momentum, Rounds);
        _others.Step();
    }

    /// <inheritdoc/>
    public void ZeroGrad()
    {
        using HandleList parameters = new(_parameters);
        Native.ClearGrads(parameters.Pointers, parameters.Count);
        _others.ZeroGrad();
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Averages(string name) =>
        _indices.TryGetValue(name, out int index) ? [("momentum_buffer", _momenta[index])] : _others.Averages(name);

    /// <inheritdoc/>
    public long StepsOf(string name) => _indices.TryGetValue(name, out int index) ? _steps[index] : _others.StepsOf(name);

    /// <inheritdoc/>
    public void SetSteps(string name, long steps)
    {
        if (!_indices.TryGetValue(name, out int index))
        {
            _others.SetSteps(name, steps);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        _steps[index] = steps;
    }

    /// <summary>Disposes the state; the parameters stay.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _momenta)
        {
            tensor.Dispose();
        }

        _others.Dispose();
    }
}
