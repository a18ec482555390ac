namespace SegNeXt.Core;

/// <summary>Which class a colour stands for, in labels that are 24-bit pictures. Immutable.</summary>
public sealed class ColourMap
{
    private readonly Dictionary<int, byte> _ids;

    /// <summary>Creates a map from the colours of classes.</summary>
    /// <param name="classes">The classes; their colours must all differ.</param>
    /// <exception cref="ArgumentException">Two classes have one colour.</exception>
    public ColourMap(ClassSet classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Classes = classes;
        _ids = classes.Palette.Select((colour, id) => (colour, id)).ToDictionary(pair => pair.colour, pair => (byte)pair.id);
    }

    /// <summary>The classes.</summary>
    public ClassSet Classes { get; }

    /// <summary>The class of each pixel.</summary>
    /// <param name="picture">Colours <c>[H, W, 3]</c>.</param>
    /// <param name="path">The file, for the message.</param>
    /// <returns>Ids <c>[H, W]</c>, 0 to K − 1.</returns>
    /// <exception cref="InputException">A colour is none of the classes': names the file, the first such pixel and its colour.</exception>
    public LabelMap Apply(RgbImage picture, string path)
    {
        ArgumentNullException.ThrowIfNull(picture);
        LabelMap result = new(picture.Width, picture.Height);
        ReadOnlySpan<byte> pixels = picture.Pixels;
        int last = -1;
        byte id = 0;
        for (int i = 0; i < result.Ids.Length; i++, pixels = pixels[3..])
        {
            // Labels are areas: the colour is mostly that of the pixel before.
            int colour = (pixels[0] << 16) | (pixels[1] << 8) | pixels[2];
            if (colour != last)
            {
                if (!_ids.TryGetValue(colour, out id))
                {
                    throw new InputException(
                        $"{path}: pixel ({i % result.Width}, {i / result.Width}) has the colour ({pixels[0]}, {pixels[1]}, {pixels[2]}), " +
                        $"which is none of the {Classes.Count} classes of {Classes.Name}.");
                }

                last = colour;
            }

            result.Ids[i] = id;
        }

        return result;
    }
}
