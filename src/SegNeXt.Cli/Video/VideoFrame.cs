using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>One picture of a video on its way from the decoder through the network to the writers; the memory is used again.</summary>
/// <param name="image">Takes the pixels.</param>
internal sealed class VideoFrame(RgbImage image)
{
    /// <summary>The pixels.</summary>
    public RgbImage Image => image;

    /// <summary>Which picture of the video it is, from 0.</summary>
    public long Index { get; set; }

    /// <summary>The class ids, once the network has given them.</summary>
    public LabelMap? Ids { get; set; }
}
