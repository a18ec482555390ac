using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The optimiser's groups of a network: a rate and a decay for each parameter that learns, by its name.</summary>
internal static class OptimizerGroups
{
    public static ParameterGroup[] Create(Module model, TrainSettings train) =>
        [.. model.NamedParameters().Where(entry => entry.Value.RequiresGrad).Select(entry =>
        {
            (double rate, double decay, _) = train.GroupOf(entry.Key, entry.Value.Shape.Length);
            return new ParameterGroup(entry.Key, entry.Value, rate, decay);
        })];
}
