using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads a label for what can be said of it, whatever kind of picture it is.</summary>
internal static class LabelReading
{
    private const int MostColours = 512;

    /// <summary>Never throws for what is in the file: a fault is part of the answer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mapping">How its values become ids, or null where they are the ids.</param>
    public static LabelFacts Read(string path, LabelMapping? mapping = null)
    {
        try
        {
            if (mapping?.Colours is not null)
            {
                return OfIds(new LabelFacts { Path = path }, LabelFile.Read(path, mapping));
            }

            LabelFacts facts = ReadFile(path);
            return mapping is null || !facts.HasIds ? facts : Map(facts, mapping);
        }
        catch (InputException error)
        {
            return new LabelFacts { Path = path, Fault = FileBytes.Fault(path, error) };
        }
    }

    /// <summary>What a file holds, by its header.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static LabelKind KindOf(string path)
    {
        byte[] data = FileBytes.Read(path);
        return ImageSignature.Require(data.AsSpan(0, Math.Min(data.Length, ImageSignature.Length)), path) == ImageFormat.Jpeg ? LabelKind.Jpeg
            : PngStructure.ReadHeader(data, path, isWhole: true)!.Value.Header.ColorType is PngHeader.Rgb or PngHeader.Rgba ? LabelKind.Colours
            : LabelKind.Ids;
    }

    private static LabelFacts ReadFile(string path)
    {
        byte[] data = FileBytes.Read(path);
        if (ImageSignature.Require(data.AsSpan(0, Math.Min(data.Length, ImageSignature.Length)), path) == ImageFormat.Jpeg)
        {
            RgbImage image = ImageFile.ReadRgb(data, path, new ImageReadOptions { ApplyOrientation = false });
            return OfColours(new LabelFacts { Path = path, Kind = LabelKind.Jpeg }, image);
        }

        return ReadPng(data, path);
    }

    /// <summary>Values counted as the ids that they stand for; those that must not occur are kept apart.</summary>
    private static LabelFacts Map(LabelFacts facts, LabelMapping mapping) => facts with
    {
        Strange = [.. facts.Values.Where(value => !mapping.Allows(value.Value))],
        Expected = mapping.Expected,
        Values =
        [
            .. facts.Values.Where(value => mapping.Allows(value.Value))
                .GroupBy(value => mapping[value.Value])
                .Select(group => (group.Key, group.Sum(value => value.Pixels)))
                .OrderBy(value => value.Key),
        ],
    };

    private static LabelFacts ReadPng(byte[] data, string path)
    {
        (PngHeader header, _) = PngStructure.ReadHeader(data, path, isWhole: true)!.Value;
        LabelFacts facts = new() { Path = path, Format = header.Kind, Depth = header.Depth };
        if (header.ColorType is PngHeader.Rgb or PngHeader.Rgba)
        {
            RgbImage image = PngDecoder.DecodeRgb(data, path, new ImageReadOptions { ApplyOrientation = false });
            return OfColours(facts with { Kind = LabelKind.Colours }, image);
        }

        LabelMap label = PngDecoder.DecodeLabel(data, path, ImageReadOptions.Default, out bool tooLarge);
        facts = facts with { TooLarge = tooLarge };
        return OfIds(header.ColorType == PngHeader.Palette ? facts with { Palette = PngPalette.Read(data) } : facts, label);
    }

    private static LabelFacts OfIds(LabelFacts facts, LabelMap label)
    {
        int[] counts = new int[256];
        Count(label.Ids, counts);
        return facts with
        {
            Width = label.Width,
            Height = label.Height,
            Values = [.. Enumerable.Range(0, 256).Where(v => counts[v] > 0).Select(v => ((byte)v, counts[v]))],
            SoftEdges = EdgeSlopes.Share(label),
            Content = FileBytes.Hash(label.Width, label.Height, label.Ids),
        };
    }

    private static LabelFacts OfColours(LabelFacts facts, RgbImage image)
    {
        Dictionary<int, int> colours = [];
        bool many = false;
        int last = -1;
        int run = 0;
        bool grey = true;
        for (int p = 0; p < image.Pixels.Length; p += 3)
        {
            int colour = (image.Pixels[p] << 16) | (image.Pixels[p + 1] << 8) | image.Pixels[p + 2];
            if (colour == last)
            {
                run++;
                continue;
            }

            Note();
            (last, run) = (colour, 1);
            grey &= image.Pixels[p] == image.Pixels[p + 1] && image.Pixels[p] == image.Pixels[p + 2];
        }

        Note();
        return facts with
        {
            Width = image.Width,
            Height = image.Height,
            Colours = [.. colours.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => (c.Key, c.Value))],
            ManyColours = many,
            Values = grey ? [.. colours.OrderBy(c => c.Key).Select(c => ((byte)c.Key, c.Value))] : [],
            Content = FileBytes.Hash(image.Width, image.Height, image.Pixels),
        };

        void Note()
        {
            if (run == 0)
            {
                return;
            }

            if (colours.TryGetValue(last, out int have) || colours.Count < MostColours)
            {
                colours[last] = have + run;
            }
            else
            {
                many = true;
            }
        }
    }

    private static void Count(ReadOnlySpan<byte> ids, int[] counts)
    {
        // Neighbours are mostly alike: a run is added once.
        byte last = ids[0];
        int run = 0;
        foreach (byte id in ids)
        {
            if (id != last)
            {
                counts[last] += run;
                (last, run) = (id, 0);
            }

            run++;
        }

        counts[last] += run;
    }
}
