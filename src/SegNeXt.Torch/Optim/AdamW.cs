namespace SegNeXt.Torch;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), as <c>torch.optim.AdamW</c>.</summary>
/// <remarks>
/// With g the gradient and t the parameter's own step count: p ← p · (1 − lr · decay); m ← β₁m + (1 − β₁)g;
/// v ← β₂v + (1 − β₂)g²; p ← p − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + eps). Parameters without a gradient are left
/// alone. Construct it after the model has its device, type and memory layout: the state takes them over.
/// </remarks>
public sealed class AdamW : IOptimizer
{
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _expAvg;
    private readonly Tensor[] _expAvgSq;
    private readonly long[] _steps;
    private readonly double[] _learningRates;
    private readonly double[] _weightDecays;
    private readonly Dictionary<string, int> _indices = [];

    /// <summary>An optimizer with zero state.</summary>
    /// <param name="groups">The parameters, each under a name of its own.</param>
    /// <param name="beta1">β₁, in [0, 1).</param>
    /// <param name="beta2">β₂, in [0, 1).</param>
    /// <param name="eps">Added to the divisor.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    public AdamW(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(groups);
        CheckBeta(beta1, nameof(beta1));
        CheckBeta(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        (Groups, Beta1, Beta2, Eps) = (groups, beta1, beta2, eps);
        for (int i = 0; i < groups.Count; i++)
        {
            if (!_indices.TryAdd(groups[i].Name, i))
            {
                throw new ArgumentException($"Two parameters are named \"{groups[i].Name}\".", nameof(groups));
            }
        }

        _parameters = [.. groups.Select(static group => group.Parameter)];
        _expAvg = Array.ConvertAll(_parameters, NewState);
        _expAvgSq = Array.ConvertAll(_parameters, NewState);
        _steps = new long[_parameters.Length];
        _learningRates = new double[_parameters.Length];
        _weightDecays = [.. groups.Select(static group => group.WeightDecay)];
    }

    /// <summary>The parameters with their rates.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>Added to the divisor.</summary>
    public double Eps { get; }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        for (int i = 0; i < _learningRates.Length; i++)
        {
            _learningRates[i] = Groups[i].LearningRate;
        }

        using HandleList parameters = new(_parameters);
        using HandleList expAvg = new(_expAvg);
        using HandleList expAvgSq = new(_expAvgSq);
        Native.AdamwStep(
            parameters.Pointers, expAvg.Pointers, expAvgSq.Pointers, _learningRates, _weightDecays, _steps,
            parameters.Count, Beta1, Beta2, Eps);
    }

    /// <summary>Drops all gradients; a parameter that the next backward pass does not reach is then left alone.</summary>
    public void ZeroGrad()
    {
        using HandleList parameters = new(_parameters);
        Native.ClearGrads(parameters.Pointers, parameters.Count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Averages(string name) =>
        [("exp_avg", _expAvg[_indices[name]]), ("exp_avg_sq", _expAvgSq[_indices[name]])];

    /// <inheritdoc/>
    public long StepsOf(string name) => _steps[_indices[name]];

    /// <inheritdoc/>
    public void SetSteps(string name, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        _steps[_indices[name]] = steps;
    }

    /// <summary>The state of one parameter; its tensors stay the optimizer's.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    public AdamWState GetState(string name)
    {
        int index = _indices[name];
        return new AdamWState(_expAvg[index], _expAvgSq[index], _steps[index]);
    }

    /// <summary>Replaces the state of one parameter by copies of the given values, as from a checkpoint.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="state">The values, of the parameter's shape.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    /// <exception cref="ArgumentException">A shape differs, or the step is negative.</exception>
    public void LoadState(string name, AdamWState state)
    {
        int index = _indices[name];
        if (state.Step < 0)
        {
            throw new ArgumentException($"{name}: step is {state.Step}.", nameof(state));
        }

        CheckShape(name, "exp_avg", state.ExpAvg, _parameters[index]);
        CheckShape(name, "exp_avg_sq", state.ExpAvgSq, _parameters[index]);
        _expAvg[index].CopyFrom_(state.ExpAvg);
        _expAvgSq[index].CopyFrom_(state.ExpAvgSq);
        _steps[index] = state.Step;
    }

    /// <summary>Disposes the state; the parameters stay.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _expAvg.Concat(_expAvgSq))
        {
            tensor.Dispose();
        }
    }

    internal static Tensor NewState(Tensor parameter)
    {
        Tensor state = Tensor.ZerosLike(parameter);
        state.LeaveScopes();
        return state;
    }

    private static void CheckBeta(double value, string name)
    {
        if (value is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A decay rate of averages lies in [0, 1).");
        }
    }

    private static void CheckShape(string name, string part, Tensor found, Tensor expected)
    {
        if (!found.Shape.AsSpan().SequenceEqual(expected.Shape))
        {
            throw new ArgumentException(
                $"{name}: {part} has shape [{string.Join(", ", found.Shape)}], the parameter " +
                $"[{string.Join(", ", expected.Shape)}].");
        }
    }
}

/// <summary>What AdamW remembers of one parameter, under PyTorch's names exp_avg, exp_avg_sq and step.</summary>
/// <param name="ExpAvg">Running mean of gradients, m.</param>
/// <param name="ExpAvgSq">Running mean of squared gradients, v.</param>
/// <param name="Step">Number of steps taken, t.</param>
public readonly record struct AdamWState(Tensor ExpAvg, Tensor ExpAvgSq, long Step);
