using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// The paper's decoder: stages 2–4 at 1/8 of the picture, concatenated; squeeze, hamburger, align, dropout, classifier.
/// </summary>
/// <remarks>SegNeXt (arXiv:2209.08575), Section 3.2 and Fig. 3 (c); <c>LightHamHead</c> of the released <c>ham_head.py</c>.</remarks>
public sealed class HamHead : ContextHead
{
    /// <summary>Creates the decoder with initial weights.</summary>
    /// <param name="config">The model: its decoder, encoder widths and classes.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    public HamHead(ModelConfig config, Generator generator)
        : base(config, generator, "hamburger", decoder => new Hamburger(decoder, generator))
    {
    }

    /// <summary>The global context module.</summary>
    public Hamburger Hamburger => (Hamburger)Context;
}
