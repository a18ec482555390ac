namespace SegNeXt.Kernels;

/// <summary>A size of a tile that the JIT sees as a constant.</summary>
internal interface ITileSize
{
    /// <summary>Rows or pixels, 1 to 12, or vectors, 1 or 2.</summary>
    static abstract int Count { get; }
}

/// <summary>12.</summary>
internal readonly struct Size12 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 12;
}

/// <summary>11.</summary>
internal readonly struct Size11 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 11;
}

/// <summary>10.</summary>
internal readonly struct Size10 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 10;
}

/// <summary>9.</summary>
internal readonly struct Size9 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 9;
}

/// <summary>8.</summary>
internal readonly struct Size8 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 8;
}

/// <summary>7.</summary>
internal readonly struct Size7 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 7;
}

/// <summary>6.</summary>
internal readonly struct Size6 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 6;
}

/// <summary>5.</summary>
internal readonly struct Size5 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 5;
}

/// <summary>4.</summary>
internal readonly struct Size4 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 4;
}

/// <summary>3.</summary>
internal readonly struct Size3 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>2.</summary>
internal readonly struct Size2 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>1.</summary>
internal readonly struct Size1 : ITileSize
{
    /// <inheritdoc/>
    public static int Count => 1;
}
