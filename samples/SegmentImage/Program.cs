// segment-image MODEL.safetensors PICTURE.jpg MASK.png: writes the class of every pixel, prints each class's share.
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;

if (args is not [string model, string picture, string output])
{
    Console.Error.WriteLine("usage: segment-image MODEL.safetensors PICTURE.jpg MASK.png");
    return 2;
}

try
{
    using ManagedSegmenter segmenter = ManagedSegmenter.Open(model);
    LabelMap mask = segmenter.Segment(ImageFile.ReadRgb(picture));
    PngWriter.WriteLabel(output, mask, segmenter.Config.Palette);
    foreach ((byte id, int pixels) in mask.Ids.CountBy(id => id).OrderByDescending(pair => pair.Value))
    {
        string name = segmenter.Config.ClassNames?[id] ?? $"class {id}";
        Console.WriteLine($"{name,-16} {100.0 * pixels / mask.Ids.Length,5:F1} %");
    }

    return 0;
}
catch (InputException fault)
{
    // One sentence that names the file and what is wrong with it.
    Console.Error.WriteLine(fault.Message);
    return 2;
}
