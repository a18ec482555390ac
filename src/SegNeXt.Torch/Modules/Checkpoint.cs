namespace SegNeXt.Torch;

/// <summary>
/// Activation checkpointing: a part of a network keeps its input alone for the backward pass, which computes the part a
/// second time to get at its intermediate maps. Memory for time; the numbers are the same.
/// </summary>
/// <remarks>
/// Chen et al., Training Deep Nets with Sublinear Memory Cost (2016); <c>torch.utils.checkpoint</c> in PyTorch. The second
/// computation starts from the generator's state of the first, so that drop path and dropout draw the same masks, computes
/// under the same <see cref="Autocast"/>, and leaves the running averages of batch norms alone, which the first has updated.
/// </remarks>
public static class Checkpoint
{
    /// <summary>Computes a part of a network without keeping its intermediate maps.</summary>
    /// <param name="modules">
    /// The part: they hold all parameters and batch norms that <paramref name="forward"/> uses. Their mode must be the same
    /// in the backward pass.
    /// </param>
    /// <param name="forward">What it computes: a function of x, the modules and the generator alone.</param>
    /// <param name="x">Its input.</param>
    /// <param name="generator">Where its random numbers come from; null where it draws none.</param>
    /// <returns>What <paramref name="forward"/> gives, a new object.</returns>
    public static Tensor Run(IReadOnlyList<Module> modules, Func<Tensor, Tensor> forward, Tensor x, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(x);

        // The parameters are inputs, so that a part whose input needs no gradient (frozen layers before it, or the picture
        // itself) still learns.
        return new Segment(modules, forward, generator).Apply([x, .. Learned(modules)])[0];
    }

    private static IEnumerable<Tensor> Learned(IEnumerable<Module> modules) =>
        modules.SelectMany(static module => module.NamedParameters()).Select(static entry => entry.Value).Where(static parameter => parameter.RequiresGrad);

    private sealed class Segment(IReadOnlyList<Module> modules, Func<Tensor, Tensor> forward, Generator? generator) : CustomFunction
    {
        private byte[]? _start;
        private AutocastSetting _autocast;

        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
        {
            if (context.NeedsAnyGradient)
            {
                context.SaveForBackward(inputs[0]);
                _start = generator?.GetState();
                _autocast = Autocast.Current(inputs[0].Device.Type);
            }

            return [forward(inputs[0])];
        }

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
        {
            Tensor x = context.Saved[0].Detach();
            if (context.NeedsGradient(0))
            {
                x.RequiresGrad_();
            }

            Tensor y = Again(x);
            Tensor[] learned = [.. Learned(modules)];
            Tensor[] wanted = context.NeedsGradient(0) ? [x, .. learned] : learned;
            Tensor?[] found = Autograd.GradOrNull(y, wanted, gradients[0]);
            return context.NeedsGradient(0) ? found : [null, .. found];
        }

        private Tensor Again(Tensor x)
        {
            BatchNorm2d[] norms =
                [.. modules.SelectMany(static module => module.NamedModules()).Select(static entry => entry.Value).OfType<BatchNorm2d>().Where(static norm => norm.TracksStatistics)];
            byte[]? now = generator?.GetState();
            try
            {
                Array.ForEach(norms, static norm => norm.TracksStatistics = false);
                generator?.SetState(_start);
                using GradMode grad = Autograd.EnableGrad();

                // A backward pass is outside of it, and on a GPU on a thread of its own.
                using AutocastScope autocast = Autocast.Resume(x.Device.Type, _autocast);
                return forward(x);
            }
            finally
            {
                generator?.SetState(now);
                Array.ForEach(norms, static norm => norm.TracksStatistics = true);
            }
        }
    }
}
