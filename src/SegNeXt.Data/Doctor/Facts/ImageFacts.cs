namespace SegNeXt.Data;

/// <summary>What is known of one picture after reading it; the pixels themselves are not kept.</summary>
internal sealed record ImageFacts
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Why it cannot be read, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>What the file is, whatever it is called.</summary>
    public ImageFormat Format { get; init; }

    /// <summary>Columns as training sees them, the EXIF orientation applied.</summary>
    public int Width { get; init; }

    /// <summary>Rows likewise.</summary>
    public int Height { get; init; }

    /// <summary>The EXIF orientation, 1 to 8.</summary>
    public int Orientation { get; init; } = ExifOrientation.Normal;

    /// <summary>Half of a SHA-256 of size and pixels, or of the file's bytes where pixels are not decoded.</summary>
    public UInt128 Content { get; init; }

    /// <summary>What it looks like, or null where it is too plain to say or was not decoded.</summary>
    public UInt128? Likeness { get; init; }
}
