using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The optimiser of a network: a rate and a decay for each parameter that learns, by its name.</summary>
internal static class OptimizerGroups
{
    /// <summary>The groups of all parameters that learn.</summary>
    public static ParameterGroup[] Create(Module model, TrainSettings train) =>
        [.. model.NamedParameters().Where(entry => entry.Value.RequiresGrad).Select(entry =>
        {
            (double rate, double decay, _) = train.GroupOf(entry.Key, entry.Value.Shape.Length);
            return new ParameterGroup(entry.Key, entry.Value, rate, decay);
        })];

    /// <summary>The optimiser that a run asks for, over all parameters that learn.</summary>
    public static IOptimizer CreateOptimizer(Module model, TrainSettings train)
    {
        ParameterGroup[] groups = Create(model, train);
        (double first, double second) = (train.Betas.First, train.Betas.Second);
        return train.Optimizer == OptimizerKind.Muon
            ? new Muon(groups, static group => ParameterGroupRules.IsMatrix(group.Name, group.Parameter.Shape), beta1: first, beta2: second)
            : new AdamW(groups, first, second);
    }
}
