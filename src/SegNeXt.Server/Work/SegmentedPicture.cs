using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>A picture, its class ids, and the time they took until now.</summary>
/// <param name="Image">The picture, upright.</param>
/// <param name="Ids">A class for each of its pixels.</param>
/// <param name="Times">Without the encoding.</param>
internal sealed record SegmentedPicture(RgbImage Image, LabelMap Ids, StageTimes Times);

/// <summary>What is sent for a picture.</summary>
/// <param name="Body">The content.</param>
/// <param name="Width">The picture's columns.</param>
/// <param name="Height">The picture's rows.</param>
/// <param name="Times">All of them.</param>
internal sealed record EncodedResult(ReadOnlyMemory<byte> Body, int Width, int Height, StageTimes Times);
