namespace SegNeXt.Torch;

/// <summary>A parameter and the rates with which an optimizer moves it.</summary>
/// <param name="name">Its key, which also names its state in a checkpoint.</param>
/// <param name="parameter">The tensor; stays its owner's.</param>
/// <param name="learningRate">Learning rate, ≥ 0.</param>
/// <param name="weightDecay">Decoupled weight decay, ≥ 0.</param>
public sealed class ParameterGroup(string name, Tensor parameter, double learningRate, double weightDecay)
{
    /// <summary>Its key, which also names its state in a checkpoint.</summary>
    public string Name { get; } = name;

    /// <summary>The tensor that is learned.</summary>
    public Tensor Parameter { get; } = parameter;

    /// <summary>Learning rate; a schedule sets it before each step.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>Decoupled weight decay.</summary>
    public double WeightDecay { get; } = weightDecay;
}
