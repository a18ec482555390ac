namespace SegNeXt.Torch;

/// <summary>Moves parameters by their gradients, and remembers of each some running averages and the number of its steps.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>The parameters with their rates.</summary>
    IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Moves every parameter that has a gradient; the others are left alone.</summary>
    void Step();

    /// <summary>Drops all gradients; a parameter that the next backward pass does not reach is then left alone.</summary>
    void ZeroGrad();

    /// <summary>The averages of one parameter by their names in a checkpoint; writing into them changes the optimizer's state.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    IReadOnlyList<(string Name, Tensor Value)> Averages(string name);

    /// <summary>Steps that a parameter has taken.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    long StepsOf(string name);

    /// <summary>Says how many steps a parameter has taken, as from a checkpoint.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="steps">The number, ≥ 0.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    void SetSteps(string name, long steps);
}
