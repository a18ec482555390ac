namespace SegNeXt.Torch;

/// <summary>Limits on gradients.</summary>
public static class GradClip
{
    /// <summary>
    /// Scales the gradients so that their joint Euclidean norm is at most <paramref name="max"/>, as
    /// <c>torch.nn.utils.clip_grad_norm_</c>: by min(1, max / (norm + 10⁻⁶)).
    /// </summary>
    /// <param name="parameters">Parameters; those without a gradient do not count.</param>
    /// <param name="max">Largest norm, > 0; +∞ only measures.</param>
    /// <returns>The norm before. If it is infinite or NaN, no gradient is usable.</returns>
    public static double Norm(IReadOnlyList<Tensor> parameters, double max)
    {
        using HandleList handles = new(parameters);
        Native.ClipGradNorm(handles.Pointers, handles.Count, max, out double norm);
        return norm;
    }
}
