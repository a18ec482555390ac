using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>The parts of a run that a checkpoint holds.</summary>
/// <param name="Model">The network.</param>
/// <param name="Optimizer">The optimiser over those of its parameters that learn.</param>
/// <param name="Average">The moving average of its weights, or null.</param>
/// <param name="Config">The run's configuration.</param>
internal sealed record CheckpointContent(Network Model, IOptimizer Optimizer, WeightAverage? Average, RunConfig Config);
