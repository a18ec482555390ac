namespace SegNeXt.Core;

/// <summary>
/// The colours of Pascal VOC's label files for all 256 ids: what the development kit's <c>VOClabelcolormap.m</c> makes,
/// and what the palette of a file for its test server holds.
/// </summary>
/// <remarks>
/// Bits 0, 3, 6 of an id are the highest bits of red, bits 1, 4, 7 those of green, bits 2, 5 those of blue, the lowest
/// of them first. Id 255, the border, comes out as <c>0xE0E0C0</c>.
/// </remarks>
public static class VocColourMap
{
    /// <summary>The colours <c>0xRRGGBB</c> of the ids 0 to 255; a new array each time.</summary>
    public static int[] Colours => [.. Enumerable.Range(0, 256).Select(Colour)];

    private static int Colour(int id)
    {
        int colour = 0;
        for (int bit = 7; id > 0; bit--, id >>= 3)
        {
            colour |= (id & 1) << (16 + bit) | ((id >> 1) & 1) << (8 + bit) | ((id >> 2) & 1) << bit;
        }

        return colour;
    }
}
