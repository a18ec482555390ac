namespace SegNeXt.Core;

/// <summary>The classes of a data set or model: a name and a colour for each id.</summary>
public sealed record ClassSet
{
    /// <summary>Most classes that a label map can tell apart: 255 is no class.</summary>
    public const int MaxClasses = 255;

    /// <summary>Creates a set; the arrays are not copied.</summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="names">Names of the classes in the order of their ids, 1 to 255.</param>
    /// <param name="palette">Their colours, <c>0xRRGGBB</c>.</param>
    /// <exception cref="ArgumentException">The numbers of names and colours differ or are out of range, or a colour is none.</exception>
    public ClassSet(string name, string[] names, int[] palette)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(palette);
        if (names.Length is < 1 or > MaxClasses || names.Length != palette.Length || palette.Any(colour => colour is < 0 or > 0xFFFFFF))
        {
            throw new ArgumentException($"1 to {MaxClasses} names and as many colours 0xRRGGBB are needed, not {names.Length} and {palette.Length}.", nameof(names));
        }

        Name = name;
        Names = names;
        Palette = palette;
    }

    /// <summary>What the set is called.</summary>
    public string Name { get; }

    /// <summary>Names of the classes in the order of their ids.</summary>
    public string[] Names { get; }

    /// <summary>Colours of the classes, <c>0xRRGGBB</c>.</summary>
    public int[] Palette { get; }

    /// <summary>Number of classes K.</summary>
    public int Count => Names.Length;

    /// <summary>
    /// A set for weights that bring no names: <c>class 0</c> …, in colours that are easy to tell apart, the first
    /// eight also with a colour-vision deficiency. Colour i does not depend on K.
    /// </summary>
    /// <param name="classes">Number of classes K, 1 to 255.</param>
    public static ClassSet Default(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, MaxClasses);
        return new ClassSet("default", [.. Enumerable.Range(0, classes).Select(i => $"class {i}")], DefaultPalette.Colours[..classes]);
    }

    /// <summary>The classes of a model: its own names and colours, the default ones where it brings none.</summary>
    /// <param name="config">What the model is; its number of classes must be at most 255.</param>
    public static ClassSet Of(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ClassSet fallback = Default(config.NumClasses);
        return new ClassSet(config.Name, config.ClassNames ?? fallback.Names, config.Palette ?? fallback.Palette);
    }

    /// <summary>
    /// Reads a list of classes: UTF-8 text, one name per line in the order of the ids, with an optional colour after a
    /// tab, <c>#RRGGBB</c> or <c>R,G,B</c>. Classes without a colour get one of the default ones. Empty lines may only
    /// follow the last class.
    /// </summary>
    /// <param name="path">The file, customarily <c>classes.txt</c>.</param>
    /// <returns>A set named after the file.</returns>
    /// <exception cref="InputException">The file cannot be read or used; the message names it, the line and the fault.</exception>
    public static ClassSet FromFile(string path) => ClassListFile.Read(path);
}
