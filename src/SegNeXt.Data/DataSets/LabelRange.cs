using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Which ids occur in labels.</summary>
internal static class LabelRange
{
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
