namespace SegNeXt.Data;

/// <summary>What a label file holds.</summary>
internal enum LabelKind
{
    /// <summary>One value a pixel: grey, or the index of a palette.</summary>
    Ids,

    /// <summary>Three colours a pixel.</summary>
    Colours,

    /// <summary>A JPEG picture.</summary>
    Jpeg,
}

/// <summary>What is known of one label after reading it.</summary>
internal sealed record LabelFacts
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Why it cannot be read, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>What it holds.</summary>
    public LabelKind Kind { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; }

    /// <summary>Rows.</summary>
    public int Height { get; init; }

    /// <summary>The PNG's kind in words, "8-bit RGB"; empty for others.</summary>
    public string Format { get; init; } = "";

    /// <summary>Bits of a value.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Whether some value of a 16-bit file does not fit into 8 bits.</summary>
    public bool TooLarge { get; init; }

    /// <summary>The colours of the palette, <c>0xRRGGBB</c>, or null without one.</summary>
    public int[]? Palette { get; init; }

    /// <summary>The values that occur, with their pixels, ascending; of a colour picture, those where all its pixels are grey.</summary>
    public (byte Value, int Pixels)[] Values { get; init; } = [];

    /// <summary>Values that a data set of its own kind does not have, with their pixels.</summary>
    public (byte Value, int Pixels)[] Strange { get; init; } = [];

    /// <summary>The values that it has, in words.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The colours that occur, the most frequent first; a few hundred at most.</summary>
    public (int Colour, int Pixels)[] Colours { get; init; } = [];

    /// <summary>Whether there are more colours than <see cref="Colours"/> holds.</summary>
    public bool ManyColours { get; init; }

    /// <summary>
    /// Of the places where the value changes along a row or column, the part that is a slope: a pixel strictly between its
    /// two neighbours. Near 0 for ids, far above for edges that were smoothed.
    /// </summary>
    public double SoftEdges { get; init; }

    /// <summary>Half of a SHA-256 of the values.</summary>
    public UInt128 Content { get; init; }

    /// <summary>Whether the file could be read as one value a pixel, and each value as it is.</summary>
    public bool HasIds => Fault is null && Kind == LabelKind.Ids && !TooLarge;

    /// <summary>Pixels of a value.</summary>
    public int PixelsOf(int value)
    {
        foreach ((byte other, int pixels) in Values)
        {
            if (other == value)
            {
                return pixels;
            }
        }

        return 0;
    }
}
