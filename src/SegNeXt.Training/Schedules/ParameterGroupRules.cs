using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Which learning rate and weight decay a parameter gets, decided by its name alone.</summary>
public static class ParameterGroupRules
{
    // Of pictures, and of pixels in either kind of decoder.
    private static readonly string[] s_classifiers = [
        "head.weight",
        ModelLayout.ClassifierPrefix(DecoderTypes.Ham) + "weight",
        ModelLayout.ClassifierPrefix(DecoderTypes.Mlp) + "weight"];

    /// <summary>The key of a parameter that no rule names.</summary>
    public const string NoKey = "-";

    /// <summary>
    /// The released configuration's rule (<c>paramwise_cfg.custom_keys</c>): the keys <c>pos_block</c>, <c>head</c> and
    /// <c>norm</c> are tried in this order (longest first, then alphabetical) and the first that the name contains
    /// wins. <c>head</c> multiplies the rate and keeps the decay, also for the decoder's own normalisations;
    /// <c>pos_block</c> and <c>norm</c> take the decay away. The stem's two batch norms match none.
    /// </summary>
    /// <param name="name">Full parameter name, such as <c>backbone.block1.0.norm1.weight</c>.</param>
    /// <param name="lr">Base learning rate.</param>
    /// <param name="decay">Base weight decay.</param>
    /// <param name="headMultiplier">Factor of the rate for names that hold <c>head</c>; 10 in the paper's recipe.</param>
    /// <returns>Rate, decay, and the key that matched or <see cref="NoKey"/>.</returns>
    public static (double Lr, double Decay, string Key) Official(string name, double lr, double decay, double headMultiplier)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Holds(name, "pos_block"))
        {
            return (lr, 0.0, "pos_block");
        }

        if (Holds(name, "head"))
        {
            return (lr * headMultiplier, decay, "head");
        }

        return Plain(name, lr, decay);
    }

    /// <summary>One rate for all parameters; no decay for those whose name holds <c>norm</c>.</summary>
    /// <param name="name">Full parameter name.</param>
    /// <param name="lr">Base learning rate.</param>
    /// <param name="decay">Base weight decay.</param>
    /// <returns>Rate, decay, and the key that matched or <see cref="NoKey"/>.</returns>
    public static (double Lr, double Decay, string Key) Plain(string name, double lr, double decay)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Holds(name, "norm") ? (lr, 0.0, "norm") : (lr, decay, NoKey);
    }

    /// <summary>One rate for all parameters; decay for those of two dimensions and more, not for biases, norms and layer scales.</summary>
    /// <remarks>As timm does with weight decay (<c>param_groups_weight_decay</c>).</remarks>
    /// <param name="dimensions">Number of the parameter's dimensions.</param>
    /// <param name="lr">Base learning rate.</param>
    /// <param name="decay">Base weight decay.</param>
    /// <returns>Rate, decay, and the key <c>vector</c> or <see cref="NoKey"/>.</returns>
    public static (double Lr, double Decay, string Key) Matrices(int dimensions, double lr, double decay) =>
        dimensions > 1 ? (lr, decay, NoKey) : (lr, 0.0, "vector");

    /// <summary>
    /// Whether a parameter is a matrix to <see cref="Torch.Muon"/>: weights that mix all inputs into each output. Not
    /// depth-wise convolutions, whose outputs have one input each, nor classifiers, whose outputs the labels name.
    /// </summary>
    /// <param name="name">Full parameter name.</param>
    /// <param name="shape">Its shape, outputs first.</param>
    public static bool IsMatrix(string name, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        return shape.Length > 1 && shape[0] > 1 && shape[1] > 1 && !s_classifiers.Contains(name);
    }

    private static bool Holds(string name, string key) => name.Contains(key, StringComparison.Ordinal);
}
