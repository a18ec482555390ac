using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Keeps NaN and infinity out of checkpoints.</summary>
internal static class FiniteWeights
{
    /// <summary>Refuses weights that are no numbers.</summary>
    /// <param name="module">The network.</param>
    /// <param name="iteration">Iterations done.</param>
    /// <exception cref="InputException">The first parameter or statistic that holds NaN or infinity is named.</exception>
    public static void Require(Module module, int iteration)
    {
        foreach ((string name, Tensor tensor) in module.StateTensors())
        {
            if (tensor.Type != ScalarType.Int64 && !tensor.AllFinite())
            {
                throw new InputException($"The weights are no numbers any more after iteration {iteration} ({name} holds NaN or infinity), and are not saved; lower train.lr, or set train.clip_norm.");
            }
        }
    }
}
