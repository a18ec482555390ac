namespace SegNeXt.Models;

/// <summary>Whose feature map <see cref="GradCam"/> looks at.</summary>
public enum ExplainedLayer
{
    /// <summary>The encoder's stage 1, at 1/4 of the picture.</summary>
    Stage1,

    /// <summary>Stage 2, at 1/8.</summary>
    Stage2,

    /// <summary>Stage 3, at 1/16.</summary>
    Stage3,

    /// <summary>Stage 4, at 1/32: what classifiers are mostly asked about.</summary>
    Stage4,

    /// <summary>The decoder's last map, which its classifier reads; of a segmentation model alone.</summary>
    Decoder,
}
