namespace SegNeXt.Inference;

/// <summary>The order of a pixel's bytes in memory; 8 bit a colour.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue: three bytes a pixel.</summary>
    Rgb,

    /// <summary>Blue, green, red: three bytes a pixel, as OpenCV and Windows bitmaps have them.</summary>
    Bgr,

    /// <summary>Red, green, blue, and one byte that is not read: four bytes a pixel.</summary>
    Rgba,

    /// <summary>Blue, green, red, and one byte that is not read: four bytes a pixel, as most cameras and windows have them.</summary>
    Bgra,
}
