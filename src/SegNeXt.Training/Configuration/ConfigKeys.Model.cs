using SegNeXt.Core;
using static SegNeXt.Training.ConfigKey;

namespace SegNeXt.Training;

/// <content>The keys of the paper's variants: its Tables 5 to 8.</content>
internal static partial class ConfigKeys
{
    private const int MaxChannels = 4096;

    private static IReadOnlyList<ConfigKey> ModelKeys =>
    [
        OptionalChoice("model.decoder", DecoderTypes.All, Model(m => m.Decoder, (m, v) => m with { Decoder = v })),
        OptionalIntegers("model.decoder_stages", "[2, 3, 4]", 1, 4, Model(m => m.DecoderStages, (m, v) => m with { DecoderStages = v })),
        OptionalInteger("model.decoder_channels", 1, MaxChannels, Model(m => m.DecoderChannels, (m, v) => m with { DecoderChannels = v })),
        Choice("model.attention", [(MscanConfig.Msca, MscanConfig.Msca), (MscanConfig.LargeKernel, MscanConfig.LargeKernel)], Model(m => m.Attention, (m, v) => m with { Attention = v })),
        Of(
            "model.branches",
            "a list of some of 7, 11 and 21, ascending, such as [7, 11, 21]",
            value => ParseIntegers(value, MscanConfig.AllBranches.Contains),
            FormatNumbers,
            Model(m => m.Branches, (m, v) => m with { Branches = v })),
        Flag("model.channel_mixing", Model(m => m.ChannelMixing, (m, v) => m with { ChannelMixing = v })),
        Flag("model.gating", Model(m => m.Gating, (m, v) => m with { Gating = v })),
    ];
}
