namespace SegNeXt.Torch;

/// <summary>x · weightᵀ + bias with learned values.</summary>
/// <remarks>Keys "weight" [out, in] and "bias" [out]. Both start as zeros: the model initialises them.</remarks>
public sealed class Linear : Module
{
    /// <summary>A linear layer.</summary>
    /// <param name="inFeatures">Size of the last dimension before.</param>
    /// <param name="outFeatures">Size of the last dimension after.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = true)
    {
        Weight = RegisterParameter("weight", Tensor.Zeros([outFeatures, inFeatures]));
        Bias = bias ? RegisterParameter("bias", Tensor.Zeros([outFeatures])) : null;
    }

    /// <summary>[out, in].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>Applies the layer to the last dimension.</summary>
    /// <param name="x">[..., in].</param>
    /// <returns>[..., out].</returns>
    public Tensor Forward(Tensor x) => Functional.Linear(x, Weight, Bias);
}
