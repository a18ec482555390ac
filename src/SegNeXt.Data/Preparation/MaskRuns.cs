using System.Text;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// A mask as COCO writes it: numbers of pixels outside and inside in turn, down the columns from left to right; compressed as text
/// (six bits a character from '0' on, five of them a number's, differences to the number two before; <c>maskApi.c</c> of the COCO API)
/// or as a list of numbers.
/// </summary>
internal sealed class MaskRuns
{
    private readonly byte[]? _text;
    private readonly long[]? _counts;

    private MaskRuns(int height, int width, byte[]? text, long[]? counts)
    {
        (Height, Width, _text, _counts) = (height, width, text, counts);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Reads <c>{"size": [H, W], "counts": …}</c>; the numbers are unpacked when they are needed.</summary>
    /// <exception cref="InputException">It is no such object.</exception>
    public static MaskRuns Parse(JsonElement json, string what)
    {
        if (json.TryGetProperty("size", out JsonElement size) && size.ValueKind == JsonValueKind.Array && size.GetArrayLength() == 2
            && size.EnumerateArray().All(side => side.ValueKind == JsonValueKind.Number && side.TryGetInt32(out int length) && length is > 0 and < 65536)
            && json.TryGetProperty("counts", out JsonElement counts))
        {
            (int height, int width) = (size[0].GetInt32(), size[1].GetInt32());
            if (counts.ValueKind == JsonValueKind.String)
            {
                return new MaskRuns(height, width, Encoding.UTF8.GetBytes(counts.GetString()!), null);
            }

            if (counts.ValueKind == JsonValueKind.Array && counts.EnumerateArray().All(count => count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out _)))
            {
                return new MaskRuns(height, width, null, [.. counts.EnumerateArray().Select(count => count.GetInt64())]);
            }
        }

        throw new InputException($"{what} is no run-length mask; expected size [height, width] and counts.");
    }

    /// <summary>Gives the pixels inside a value.</summary>
    /// <exception cref="InputException">The mask is damaged or of another size.</exception>
    public void Paint(LabelMap label, byte value, string what)
    {
        if ((Width, Height) != (label.Width, label.Height))
        {
            throw new InputException($"{what} has {label.Width}×{label.Height} pixels, but a mask of it {Width}×{Height}.");
        }

        long position = 0;
        long total = (long)Width * Height;
        bool inside = false;
        foreach (long count in _counts ?? [.. Unpack(_text!, what)])
        {
            if (count < 0 || count > total - position)
            {
                throw new InputException($"{what}: a run-length mask is damaged: its runs do not fit into {Width}×{Height} pixels.");
            }

            for (long end = position + count; inside && position < end; position++)
            {
                label.Ids[(position % Height * Width) + (position / Height)] = value;
            }

            position += inside ? 0 : count;
            inside = !inside;
        }

        if (position != total)
        {
            throw new InputException($"{what}: a run-length mask is damaged: its runs cover {position} of {total} pixels.");
        }
    }

    private static List<long> Unpack(byte[] text, string what)
    {
        // Numbers of pixels fit into seven groups of five bits; more is damage.
        const int MaxGroups = 7;
        List<long> counts = [];
        for (int i = 0; i < text.Length;)
        {
            long number = 0;
            for (int group = 0; ; group++)
            {
                int bits = i < text.Length ? text[i++] - '0' : -1;
                if (bits is < 0 or > 63 || group == MaxGroups)
                {
                    throw new InputException($"{what}: a run-length mask is damaged: its text is cut short or holds a wrong character.");
                }

                number |= (long)(bits & 31) << (5 * group);
                if ((bits & 32) == 0)
                {
                    number |= (bits & 16) != 0 ? -1L << (5 * (group + 1)) : 0;
                    break;
                }
            }

            counts.Add(counts.Count > 2 ? number + counts[^2] : number);
        }

        return counts;
    }
}
