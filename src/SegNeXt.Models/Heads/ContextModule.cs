using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A module of global context between <c>squeeze</c> and <c>align</c> of a decoder (paper, Fig. 3 (c) and Table 5).</summary>
public abstract class ContextModule : Module
{
    /// <summary>Computes the module.</summary>
    /// <param name="x">Features <c>[N, D, H, W]</c>, any H, W ≥ 1.</param>
    /// <returns>A new tensor <c>[N, D, H, W]</c>.</returns>
    public abstract Tensor Forward(Tensor x);

    /// <summary>
    /// Whether <see cref="Forward"/> may be computed a second time for the same step, as activation checkpointing does: not
    /// where a computation in training changes the module.
    /// </summary>
    internal virtual bool IsRepeatable => true;

    /// <summary>Sets whose kernels compute the module; libtorch's where there are no others.</summary>
    /// <param name="choice">The kernels.</param>
    internal virtual void Use(KernelChoice choice)
    {
    }
}
