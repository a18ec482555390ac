namespace SegNeXt.Core;

public static partial class SegmentationClasses
{
    /// <summary>Pascal Context with background: 60 classes, in the colours of the first classes of ADE20K, as customary.</summary>
    /// <remarks>
    /// The order of the alphabet is that of the ids which the conversion of the released code writes (<c>pascal_context.py</c>, and
    /// the classes of MMSegmentation 0.24); the data set's own <c>59_labels.txt</c> has another.
    /// </remarks>
    public static ClassSet PascalContext60 { get; } = new(
        "pascal-context-60",
        [
            "background", "aeroplane", "bag", "bed", "bedclothes", "bench", "bicycle", "bird", "boat", "book", "bottle",
            "building", "bus", "cabinet", "car", "cat", "ceiling", "chair", "cloth", "computer", "cow", "cup", "curtain",
            "dog", "door", "fence", "floor", "flower", "food", "grass", "ground", "horse", "keyboard", "light", "motorbike",
            "mountain", "mouse", "person", "plate", "platform", "pottedplant", "road", "rock", "sheep", "shelves",
            "sidewalk", "sign", "sky", "snow", "sofa", "table", "track", "train", "tree", "truck", "tvmonitor", "wall",
            "water", "window", "wood",
        ],
        [
            0x787878, 0xB47878, 0x06E6E6, 0x503232, 0x04C803, 0x787850, 0x8C8C8C, 0xCC05FF, 0xE6E6E6, 0x04FA07, 0xE005FF,
            0xEBFF07, 0x96053D, 0x787846, 0x08FF33, 0xFF0652, 0x8FFF8C, 0xCCFF04, 0xFF3307, 0xCC4603, 0x0066C8, 0x3DE6FA,
            0xFF0633, 0x0B66FF, 0xFF0747, 0xFF09E0, 0x0907E6, 0xDCDCDC, 0xFF095C, 0x7009FF, 0x08FFD6, 0x07FFE0, 0xFFB806,
            0x0AFF47, 0xFF290A, 0x07FFFF, 0xE0FF08, 0x6608FF, 0xFF3D06, 0xFFC207, 0xFF7A08, 0x00FF14, 0xFF0829, 0xFF0599,
            0x0633FF, 0xEB0CFF, 0xA09614, 0x00A3FF, 0x8C8C8C, 0xFA0A0F, 0x14FF00, 0x1FFF00, 0xFF1F00, 0xFFE000, 0x99FF00,
            0x0000FF, 0xFF4700, 0x00EBFF, 0x00ADFF, 0x1F00FF,
        ]);

    /// <summary>Pascal Context without background: 59 classes.</summary>
    public static ClassSet PascalContext59 { get; } = new("pascal-context-59", PascalContext60.Names[1..], PascalContext60.Palette[1..]);
}
