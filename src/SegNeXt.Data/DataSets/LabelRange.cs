using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Which ids occur in labels.</summary>
internal static class LabelRange
{
    /// <summary>Refuses a label map with an id that is neither a class nor 255.</summary>
    /// <exception cref="InputException">Names the file, the first such pixel and its value.</exception>
    public static void Check(LabelMap label, int classes, string path)
    {
        if (classes >= LabelMap.Ignore)
        {
            return;
        }

        int at = label.Ids.AsSpan().IndexOfAnyInRange((byte)classes, (byte)(LabelMap.Ignore - 1));
        if (at >= 0)
        {
            throw new InputException(
                $"{path}: pixel ({at % label.Width}, {at / label.Width}) has the value {label.Ids[at]}, but there are {classes} classes (0 to {classes - 1}, 255 = ignored).");
        }
    }

    /// <summary>One more than the largest id below 255 in any of the files.</summary>
    /// <exception cref="InputException">A file cannot be read, or no pixel of any has a label.</exception>
    public static int CountClasses(IReadOnlyList<string> files, string root)
    {
        int highest = -1;
        object gate = new();
        Faults.First(files.Count, (i, _) =>
        {
            int own = -1;
            foreach (byte id in ImageFile.ReadLabel(files[i]).Ids)
            {
                own = id != LabelMap.Ignore && id > own ? id : own;
            }

            lock (gate)
            {
                highest = Math.Max(highest, own);
            }
        });
        return highest >= 0
            ? highest + 1
            : throw new InputException($"{root}: no pixel of its {files.Count} labels has a class; all are 255 (ignored).");
    }
}
