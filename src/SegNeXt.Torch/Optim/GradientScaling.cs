namespace SegNeXt.Torch;

/// <summary>The gradients of a loss that was multiplied before the backward pass, so that small ones are not lost in 16 bits.</summary>
public static class GradientScaling
{
    /// <summary>Divides the gradients by what the loss was multiplied with; waits for the device.</summary>
    /// <param name="parameters">Parameters; those without a gradient do not count.</param>
    /// <param name="scale">What the loss was multiplied with, > 0.</param>
    /// <returns>Whether all of them are numbers: where one is infinite or NaN, none is usable.</returns>
    public static bool Unscale(IReadOnlyList<Tensor> parameters, double scale)
    {
        using HandleList handles = new(parameters);
        Native.UnscaleGrads(handles.Pointers, handles.Count, scale, out int finite);
        return finite != 0;
    }
}
