namespace SegNeXt.Core;

public static partial class SegmentationClasses
{
    /// <summary>Pascal VOC 2012: 20 classes and background, in the colours of its label files' palette.</summary>
    public static ClassSet Voc2012 { get; } = new(
        "voc2012",
        [
            "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
            "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
        ],
        [
            0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080, 0x400000, 0xC00000, 0x408000,
            0xC08000, 0x400080, 0xC00080, 0x408080, 0xC08080, 0x004000, 0x804000, 0x00C000, 0x80C000, 0x004080,
        ]);

    /// <summary>iSAID: 15 classes and background, in the colours of its label files.</summary>
    public static ClassSet Isaid { get; } = new(
        "isaid",
        [
            "background", "ship", "store tank", "baseball diamond", "tennis court", "basketball court",
            "ground track field", "bridge", "large vehicle", "small vehicle", "helicopter", "swimming pool", "roundabout",
            "soccer ball field", "plane", "harbor",
        ],
        [
            0x000000, 0x00003F, 0x003F3F, 0x003F00, 0x003F7F, 0x003FBF, 0x003FFF, 0x007F3F, 0x007F7F, 0x00007F, 0x0000BF,
            0x0000FF, 0x00BF7F, 0x007FBF, 0x007FFF, 0x00649B,
        ]);
}
