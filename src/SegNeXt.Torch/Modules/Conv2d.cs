namespace SegNeXt.Torch;

/// <summary>Convolution with a learned kernel (<see cref="Functional.Conv2d(Tensor, Tensor, Tensor?, ValueTuple{int, int}, ValueTuple{int, int}, ValueTuple{int, int}, int)"/>).</summary>
/// <remarks>Keys "weight" [O, C / groups, kh, kw] and "bias" [O]. Both start as zeros: the model initialises them.</remarks>
public sealed class Conv2d : Module
{
    /// <summary>A convolution.</summary>
    /// <param name="inChannels">C, ≥ 1; a multiple of groups.</param>
    /// <param name="outChannels">O, ≥ 1; a multiple of groups.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Step of the kernel; 1 by default.</param>
    /// <param name="padding">Zeros on each side; none by default.</param>
    /// <param name="dilation">Distance of the kernel's taps; 1 by default.</param>
    /// <param name="groups">Number of separate channel groups.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv2d(
        int inChannels, int outChannels, (int H, int W) kernel, (int H, int W)? stride = null,
        (int H, int W)? padding = null, (int H, int W)? dilation = null, int groups = 1, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException(
                $"{groups} groups do not divide {inChannels} input and {outChannels} output channels.", nameof(groups));
        }

        (InChannels, OutChannels, Kernel, Groups) = (inChannels, outChannels, kernel, groups);
        Stride = stride ?? (1, 1);
        Padding = padding ?? (0, 0);
        Dilation = dilation ?? (1, 1);
        Weight = RegisterParameter("weight", Tensor.Zeros([outChannels, inChannels / groups, kernel.H, kernel.W]));
        Bias = bias ? RegisterParameter("bias", Tensor.Zeros([outChannels])) : null;
    }

    /// <summary>A convolution with a square kernel and the same geometry in both directions.</summary>
    /// <param name="inChannels">C, ≥ 1; a multiple of groups.</param>
    /// <param name="outChannels">O, ≥ 1; a multiple of groups.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Step of the kernel.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="dilation">Distance of the kernel's taps.</param>
    /// <param name="groups">Number of separate channel groups.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Conv2d(
        int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1,
        bool bias = true)
        : this(
            inChannels, outChannels, (kernel, kernel), (stride, stride), (padding, padding), (dilation, dilation), groups,
            bias)
    {
    }

    /// <summary>C.</summary>
    public int InChannels { get; }

    /// <summary>O.</summary>
    public int OutChannels { get; }

    /// <summary>Height and width of the kernel.</summary>
    public (int H, int W) Kernel { get; }

    /// <summary>Step of the kernel.</summary>
    public (int H, int W) Stride { get; }

    /// <summary>Zeros on each side.</summary>
    public (int H, int W) Padding { get; }

    /// <summary>Distance of the kernel's taps.</summary>
    public (int H, int W) Dilation { get; }

    /// <summary>Number of separate channel groups.</summary>
    public int Groups { get; }

    /// <summary>Kernels [O, C / groups, kh, kw].</summary>
    public Tensor Weight { get; }

    /// <summary>[O], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>
    /// Looks at what comes in and says what is convolved in its place; null at first. It is how the gradient at a layer's
    /// input is had without a change to the network around it.
    /// </summary>
    public Func<Tensor, Tensor>? InputProbe { get; set; }

    /// <summary>Convolves.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <returns>[N, O, H', W'].</returns>
    public Tensor Forward(Tensor x) =>
        Functional.Conv2d(InputProbe is null ? x : InputProbe(x), Weight, Bias, Stride, Padding, Dilation, Groups);
}
