namespace SegNeXt.Core;

/// <summary>
/// The decoder's sizes: SegNeXt (arXiv:2209.08575), Section 3.2 and Table 2; <c>LightHamHead</c> of the released
/// <c>ham_head.py</c>.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>Which decoder: <c>ham</c>, the paper's.</summary>
    public string Type { get; init; } = "ham";

    /// <summary>Channels after <c>align</c>, which the classifier reads.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels D inside the hamburger (<c>ham_channels</c>), after <c>squeeze</c>.</summary>
    public required int HamChannels { get; init; }

    /// <summary>Number of NMF bases R (<c>MD_R</c>).</summary>
    public required int NmfRank { get; init; }

    /// <summary>Multiplicative update rounds in training.</summary>
    public int NmfTrainSteps { get; init; } = 6;

    /// <summary>Multiplicative update rounds in evaluation.</summary>
    public int NmfEvalSteps { get; init; } = 7;

    /// <summary>Groups of the decoder's group norms.</summary>
    public int GroupNormGroups { get; init; } = 32;

    /// <summary>Rate of the channel dropout before the classifier, in training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The stages that the decoder reads, counted from 0; the paper's are the last three.</summary>
    public int[] InputStages { get; init; } = [1, 2, 3];
}
