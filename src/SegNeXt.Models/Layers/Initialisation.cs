using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Initial values of weights as the released code draws them, from a given generator.</summary>
internal static class Initialisation
{
    /// <summary>
    /// Normal with std √(2/fan_out), fan_out = k·k·C_out/groups, bias 0: the encoder's convolutions
    /// (<c>mscan.py</c>, <c>init_weights</c>) and, with one group, the decoder's <c>ConvModule</c>s.
    /// </summary>
    public static void KaimingFanOut(Conv2d convolution, Generator generator)
    {
        long[] shape = convolution.Weight.Shape; // [C_out, C_in/groups, kH, kW]
        long groups = convolution.Groups;
        double fanOut = (double)(shape[2] * shape[3] * shape[0]) / groups;
        Normal(convolution.Weight, Math.Sqrt(2.0 / fanOut), generator);
        Zero(convolution.Bias);
    }

    /// <summary>Normal with the given std, bias 0: the decoder's classifier (std 0.01).</summary>
    public static void NormalWeights(Conv2d convolution, double std, Generator generator)
    {
        Normal(convolution.Weight, std, generator);
        Zero(convolution.Bias);
    }

    /// <summary>Normal with std 0.02, bias 0: the image classifier.</summary>
    public static void NormalWeights(Linear linear, double std, Generator generator)
    {
        Normal(linear.Weight, std, generator);
        Zero(linear.Bias);
    }

    /// <summary>
    /// Uniform in ±1/√fan_in, weight and bias: what PyTorch gives <c>nn.Conv2d</c> and <c>nn.Linear</c> where the released
    /// code says nothing else.
    /// </summary>
    public static void UniformFanIn(Tensor weight, Tensor? bias, Generator generator)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        double bound = 1 / Math.Sqrt((double)weight.NumElements / weight.Size(0));
        weight.CopyFrom_(Tensor.Uniform(weight.Shape, -bound, bound, generator));
        bias?.CopyFrom_(Tensor.Uniform(bias.Shape, -bound, bound, generator));
    }

    /// <summary>All zeros.</summary>
    public static void Zeros(Tensor parameter)
    {
        using GradMode noGrad = Autograd.NoGrad();
        parameter.Zero_();
    }

    private static void Normal(Tensor weight, double std, Generator generator)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        weight.CopyFrom_(Tensor.Normal(weight.Shape, 0, std, generator));
    }

    private static void Zero(Tensor? bias)
    {
        if (bias is not null)
        {
            using GradMode noGrad = Autograd.NoGrad();
            bias.Zero_();
        }
    }
}
