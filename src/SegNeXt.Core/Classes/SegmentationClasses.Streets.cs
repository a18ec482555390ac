namespace SegNeXt.Core;

public static partial class SegmentationClasses
{
    /// <summary>CamVid: the 11 classes and colours customary since SegNet; void is 255.</summary>
    public static ClassSet CamVid { get; } = new(
        "camvid",
        [
            "Sky", "Building", "Pole", "Road", "Pavement", "Tree", "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist",
        ],
        [
            0x808080, 0x800000, 0xC0C080, 0x804080, 0x3C28DE, 0x808000, 0xC08080, 0x404080, 0x400080, 0x404000, 0x0080C0,
        ]);

    /// <summary>Cityscapes: the 19 classes of evaluation by their train ids.</summary>
    public static ClassSet Cityscapes { get; } = new(
        "cityscapes",
        [
            "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation",
            "terrain", "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
        ],
        [
            0x804080, 0xF423E8, 0x464646, 0x66669C, 0xBE9999, 0x999999, 0xFAAA1E, 0xDCDC00, 0x6B8E23, 0x98FB98, 0x4682B4,
            0xDC143C, 0xFF0000, 0x00008E, 0x000046, 0x003C64, 0x005064, 0x0000E6, 0x770B20,
        ]);
}
