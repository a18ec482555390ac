using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Losses that are a sum over classes, L = Σ_c ℓ_c(p_c), of the softmax probabilities p_c of one class at all pixels of the
/// batch. They are computed class by class: with z the logits at label size,
/// <c>∂L/∂z_k = p_k · (∂ℓ_k/∂p_k − Σ_c p_c · ∂ℓ_c/∂p_c)</c>, and resizing treats each class by itself. So a few maps
/// <c>[N, H, W]</c> are held at a time, however many classes there are.
/// </summary>
internal static class ClassMaps
{
    /// <summary>The sum over some classes.</summary>
    /// <param name="logits">Logits <c>[N, K, h, w]</c>, outside the graph.</param>
    /// <param name="labels">Labels <c>[N, H, W]</c>.</param>
    /// <param name="wantsGradient">Whether the gradient is computed too.</param>
    /// <param name="classes">The classes whose ℓ_c is not constant.</param>
    /// <param name="loss">ℓ_c, a scalar, from c and the probabilities <c>[N, H, W]</c> of class c.</param>
    /// <returns>The sum, and its gradient by the logits.</returns>
    public static (Tensor Value, Tensor? Gradient) Sum(
        Tensor logits, Tensor labels, bool wantsGradient, IReadOnlyCollection<int> classes, Func<int, Tensor, Tensor> loss)
    {
        using TensorScope scope = new();
        using GradMode noGrad = Autograd.NoGrad();
        Tensor total = Tensor.Scalar(0, logits.Type, logits.Device);
        if (classes.Count == 0)
        {
            return (scope.Keep(total), wantsGradient ? scope.Keep(Tensor.ZerosLike(logits)) : null);
        }

        // Softmax needs all classes once, for its denominator.
        Tensor normaliser = ImageChunks.Map(logits, labels, static (resized, _) => resized.LogSumExp(1));
        Tensor shared = Tensor.ZerosLike(normaliser); // Σ_c p_c · ∂ℓ_c/∂p_c, [N, H, W]
        var gradients = new Tensor?[logits.Size(1)];
        foreach (int c in classes)
        {
            using TensorScope inner = new();
            (Tensor map, Tensor resized) = Column(logits, labels, c, wantsGradient);
            Tensor p = Probability(resized, normaliser).RequiresGrad_(wantsGradient);
            Tensor term;
            using (wantsGradient ? Autograd.EnableGrad() : Autograd.NoGrad())
            {
                term = loss(c, p);
            }

            total.Add_(term.Detach());
            if (wantsGradient)
            {
                Tensor weighted = Autograd.Grad(term, [p])[0] * p.Detach();
                shared.Add_(weighted);
                gradients[c] = inner.Keep(Autograd.Grad(resized, [map], weighted.Unsqueeze(1))[0]);
            }
        }

        for (int k = 0; wantsGradient && k < gradients.Length; k++)
        {
            using TensorScope inner = new();
            (Tensor map, Tensor resized) = Column(logits, labels, k, true);
            Tensor rest = Autograd.Grad(resized, [map], (Probability(resized, normaliser) * shared).Unsqueeze(1))[0];
            gradients[k] = inner.Keep(gradients[k] is { } own ? own - rest : -rest);
        }

        return (scope.Keep(total), wantsGradient ? scope.Keep(Tensor.Cat(gradients!, 1)) : null);
    }

    /// <summary>One class's logits <c>[N, 1, h, w]</c>, and the same at label size.</summary>
    private static (Tensor Map, Tensor Resized) Column(Tensor logits, Tensor labels, int c, bool wantsGradient)
    {
        Tensor map = logits.Narrow(1, c, 1).Detach().RequiresGrad_(wantsGradient);
        using GradMode mode = wantsGradient ? Autograd.EnableGrad() : Autograd.NoGrad();
        return (map, Resize.To(map, labels));
    }

    private static Tensor Probability(Tensor resized, Tensor normaliser) => (resized.Detach().Squeeze(1) - normaliser).Exp();
}
