using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Gives all ranks rank 0's weights, statistics, moments and place in the run, tensor by tensor: only rank 0 need have the files.</summary>
internal static class CommonStart
{
    /// <summary>Replaces every rank's content by rank 0's.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="content">The parts of the run, of the same shapes in every rank.</param>
    /// <param name="state">Rank 0's place in the run.</param>
    /// <returns>The place.</returns>
    public static TrainingState Share(Ranks ranks, CheckpointContent content, TrainingState state)
    {
        if (!ranks.IsTogether)
        {
            return state;
        }

        using GradMode noGrad = Autograd.NoGrad();
        Give(ranks, content.Model);
        if (content.Average is { } average)
        {
            Give(ranks, average.Model);
            average.Updates = Number(ranks, average.Updates);
        }

        TrainingState common = TrainingState.FromText(ranks.Text(() => TrainingState.ToText(state)));
        if (common.Iteration > 0)
        {
            foreach (ParameterGroup group in content.Optimizer.Groups)
            {
                foreach ((_, Tensor moment) in content.Optimizer.Averages(group.Name))
                {
                    ranks.Broadcast(moment);
                }

                content.Optimizer.SetSteps(group.Name, Number(ranks, content.Optimizer.StepsOf(group.Name)));
            }
        }

        return common;
    }

    private static void Give(Ranks ranks, Network network)
    {
        foreach ((_, Tensor tensor) in network.StateTensors())
        {
            ranks.Broadcast(tensor);
        }
    }

    private static long Number(Ranks ranks, long own)
    {
        Span<long> value = [ranks.IsMain ? own : 0];
        ranks.Sum(value);
        return value[0];
    }
}
