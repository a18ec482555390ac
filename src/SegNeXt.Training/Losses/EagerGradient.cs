using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Computes a scalar and, where it will be wanted, its gradient with it.</summary>
/// <param name="x">The input, outside the graph, in single or double precision.</param>
/// <param name="wantsGradient">Whether the gradient is to be computed.</param>
/// <returns>The scalar, and the gradient <c>[x's shape]</c> or null.</returns>
internal delegate (Tensor Value, Tensor? Gradient) ScalarWithGradient(Tensor x, bool wantsGradient);

/// <summary>
/// A scalar function whose gradient is computed in the forward pass and only scaled in the backward pass. What the
/// computation needs on its way is gone before it returns, and it may go over its input part by part: a loss on logits at
/// label size then holds a few maps instead of three times all of them.
/// </summary>
internal sealed class EagerGradient : CustomFunction
{
    private readonly ScalarWithGradient _compute;

    private EagerGradient(ScalarWithGradient compute) => _compute = compute;

    /// <summary>The function's value, differentiable once.</summary>
    /// <param name="x">The input, of any floating-point type.</param>
    /// <param name="compute">The function.</param>
    public static Tensor Of(Tensor x, ScalarWithGradient compute)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new EagerGradient(compute).Apply(x)[0];
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0].Detach();
        ScalarType type = x.Type;
        Tensor wide = type is ScalarType.Float16 or ScalarType.BFloat16 ? x.To(ScalarType.Float32) : x;
        (Tensor value, Tensor? gradient) = _compute(wide, context.NeedsAnyGradient);
        if (gradient is not null)
        {
            context.SaveForBackward(gradient.To(type));
        }

        return [value];
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) =>
        [context.Saved[0] * gradients[0]];
}
