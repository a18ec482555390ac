using SegNeXt.Core;

namespace SegNeXt.Models.Tests;

/// <summary>The configurations of the golden files.</summary>
internal static class GoldenModels
{
    public static ModelConfig Tiny(int rank = 16) => new()
    {
        Encoder = new MscanConfig { EmbedDims = [16, 32, 40, 64], Depths = [1, 1, 2, 1], DropPathRate = 0 },
        Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = rank, Dropout = 0 },
        NumClasses = 7,
    };

    public static ModelConfig T { get; } = ModelConfig.Preset("t", 150);
}
