namespace SegNeXt.Models;

/// <summary>
/// Which parts of a network keep only their input for the backward pass and are computed a second time in it
/// (<see cref="Torch.Checkpoint"/>). Weights, statistics and losses are the same; a step takes longer and less memory.
/// </summary>
public enum ActivationCheckpointing
{
    /// <summary>None: every intermediate map is kept.</summary>
    None,

    /// <summary>
    /// Each stage of the encoder, and the decoder's hamburger. While a stage goes backwards all of its maps exist.
    /// </summary>
    Stages,

    /// <summary>
    /// Each block of the encoder, and the decoder's hamburger. The inputs of all blocks are kept, and the maps of one block
    /// exist at a time: for most sizes the least memory.
    /// </summary>
    Blocks,
}
