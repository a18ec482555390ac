namespace SegNeXt.Torch;

/// <summary>What passes from the forward to the backward half of a <see cref="CustomFunction"/>.</summary>
public sealed class FunctionContext
{
    /// <summary>A context.</summary>
    internal FunctionContext(bool[] needsGradients, IReadOnlyList<Tensor> saved)
    {
        NeedsGradients = needsGradients;
        Saved = saved;
    }

    /// <summary>The saved tensors, in the order of saving.</summary>
    public IReadOnlyList<Tensor> Saved { get; private set; }

    /// <summary>Whether any input's gradient is asked for; without, there is no backward half.</summary>
    public bool NeedsAnyGradient => Array.IndexOf(NeedsGradients, true) >= 0;

    /// <summary>For each input whether its gradient is asked for.</summary>
    internal bool[] NeedsGradients { get; }

    /// <summary>Whether an input's gradient is asked for.</summary>
    /// <param name="input">The input's number.</param>
    public bool NeedsGradient(int input) => NeedsGradients[input];

    /// <summary>
    /// Keeps tensors for the backward half: inputs, outputs, or others. They must not be changed in place before it, and
    /// are let go after it.
    /// </summary>
    /// <param name="tensors">The tensors; a second call replaces the first one's.</param>
    public void SaveForBackward(params IReadOnlyList<Tensor> tensors) => Saved = tensors;
}
