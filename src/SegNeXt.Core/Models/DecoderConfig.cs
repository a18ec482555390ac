namespace SegNeXt.Core;

/// <summary>
/// The decoder's kind and sizes. The paper's own: SegNeXt (arXiv:2209.08575), Section 3.2 and Table 2; <c>LightHamHead</c>
/// of the released <c>ham_head.py</c>. The others are those that its Tables 5 and 7 hold against it: <see cref="DecoderTypes"/>.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>Which decoder, one of <see cref="DecoderTypes.All"/>; <c>ham</c> is the paper's.</summary>
    public string Type { get; init; } = DecoderTypes.Ham;

    /// <summary>
    /// Channels that the classifier reads: after <c>align</c>, after the <c>bottleneck</c> of a heavy head, or SegFormer's
    /// embedding width.
    /// </summary>
    public required int Channels { get; init; }

    /// <summary>
    /// Channels D of the context module (<c>ham_channels</c>), after <c>squeeze</c>; of no account in decoders without
    /// squeeze (<see cref="DecoderTypes.HasContext"/>).
    /// </summary>
    public int HamChannels { get; init; }

    /// <summary>Number of NMF bases R (<c>MD_R</c>); of account in <c>ham</c> alone.</summary>
    public int NmfRank { get; init; }

    /// <summary>Multiplicative update rounds in training; of account in <c>ham</c> alone.</summary>
    public int NmfTrainSteps { get; init; } = 6;

    /// <summary>Multiplicative update rounds in evaluation; of account in <c>ham</c> alone.</summary>
    public int NmfEvalSteps { get; init; } = 7;

    /// <summary>Groups of the group norms of a decoder with squeeze and align; the others have batch norms.</summary>
    public int GroupNormGroups { get; init; } = 32;

    /// <summary>Rate of the channel dropout before the classifier, in training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// The stages that the decoder reads, counted from 0; the paper's are the last three. Logits have the resolution of the
    /// first of them.
    /// </summary>
    public int[] InputStages { get; init; } = [1, 2, 3];
}
