using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>One learned factor, 0 at first, so that what it is applied to grows from nothing.</summary>
/// <remarks><c>Scale</c> of mmcv: name <c>scale</c>, a scalar.</remarks>
public sealed class Scale : Module
{
    private readonly Tensor _factor;

    /// <summary>Creates the factor.</summary>
    public Scale() => _factor = RegisterParameter("scale", Tensor.Zeros([]));

    /// <summary>Multiplies.</summary>
    /// <param name="x">Any tensor.</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Forward(Tensor x) => x * _factor;
}
