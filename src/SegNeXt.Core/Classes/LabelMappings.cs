namespace SegNeXt.Core;

/// <summary>How the label files of the known data sets are to be read.</summary>
public static class LabelMappings
{
    /// <summary>The ids that COCO-Stuff's 182 leave out, in its label files: its own ids less one.</summary>
    private static readonly byte[] s_cocoStuffGaps = [11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90];

    /// <summary>Cityscapes' ids of the 19 classes, in the order of their train ids (<c>labels.py</c> of its scripts).</summary>
    private static readonly byte[] s_cityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    /// <summary>The 459-class ids of Pascal Context's 59 classes, in ascending order (the released <c>pascal_context.py</c>).</summary>
    private static readonly int[] s_contextIds =
    [
        2, 9, 18, 19, 22, 23, 25, 31, 33, 34, 44, 45, 46, 59, 65, 68, 72, 80, 85, 98, 104, 105, 113, 115, 144, 158, 159, 162, 187,
        189, 207, 220, 232, 258, 259, 260, 284, 295, 296, 308, 324, 326, 347, 349, 354, 355, 360, 366, 368, 397, 415, 416, 420,
        424, 427, 440, 445, 454, 458,
    ];

    /// <summary>ADE20K's annotations: 1 to 150 are the classes, 0 is ignored.</summary>
    public static LabelMapping Ade20k { get; } = LabelMapping.ReduceZero(SegmentationClasses.Ade20k.Count);

    /// <summary>Cityscapes' <c>labelIds</c>: those of the 19 classes become train ids, all others 255.</summary>
    public static LabelMapping CityscapesLabelIds { get; } = CreateCityscapes();

    /// <summary>
    /// COCO-Stuff's <c>stuffthingmaps</c>: 0 to 181 but for eleven values that are no class, renumbered 0 to 170 in ascending
    /// order; 255 is ignored.
    /// </summary>
    public static LabelMapping CocoStuff { get; } = CreateCocoStuff();

    /// <summary>Pascal Context without background: 1 to 59 are the classes, 0 is ignored.</summary>
    public static LabelMapping PascalContext59 { get; } = LabelMapping.ReduceZero(SegmentationClasses.PascalContext59.Count);

    /// <summary>iSAID: ids 0 to 15, or the colours of the development kit's <c>instance_color_RGB</c> files.</summary>
    public static LabelMapping Isaid { get; } = CreateIsaid();

    /// <summary>
    /// The value 0 to 59 that stands for one of the 459 classes of Pascal Context's own annotations in files of 59 classes
    /// and background: 0 for every class that is none of the 59.
    /// </summary>
    /// <remarks>
    /// The 59 are numbered in the ascending order of their ids, which is that of the alphabet, as the conversion of the released code does
    /// it; <c>59_labels.txt</c> of the data set lists them in another order.
    /// </remarks>
    /// <param name="id">An id as in <c>labels.txt</c> of the data set, 0 for none.</param>
    public static byte PascalContextValue(int id) => (byte)Math.Max(0, Array.BinarySearch(s_contextIds, id) + 1);

    private static LabelMapping CreateCityscapes()
    {
        byte?[] ids = [.. Enumerable.Repeat<byte?>(LabelMap.Ignore, 256)];
        for (int train = 0; train < s_cityscapesIds.Length; train++)
        {
            ids[s_cityscapesIds[train]] = (byte)train;
        }

        return new LabelMapping(ids, "Cityscapes' label ids (0 to 33; what is none of the 19 classes is ignored)");
    }

    private static LabelMapping CreateCocoStuff()
    {
        byte?[] ids = new byte?[256];
        byte next = 0;
        for (int value = 0; next < SegmentationClasses.CocoStuff.Count; value++)
        {
            if (!s_cocoStuffGaps.Contains((byte)value))
            {
                ids[value] = next++;
            }
        }

        ids[LabelMap.Ignore] = LabelMap.Ignore;
        return new LabelMapping(ids, $"171 classes (0 to 181 without {string.Join(", ", s_cocoStuffGaps)}; 255 = ignored)");
    }

    private static LabelMapping CreateIsaid()
    {
        ClassSet classes = SegmentationClasses.Isaid;
        byte?[] ids = new byte?[256];
        for (int id = 0; id < classes.Count; id++)
        {
            ids[id] = (byte)id;
        }

        ids[LabelMap.Ignore] = LabelMap.Ignore;
        return new LabelMapping(ids, $"{classes.Count} classes (0 to {classes.Count - 1}, 255 = ignored)", new ColourMap(classes));
    }
}
