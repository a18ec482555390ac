// segment-pixels MODEL.safetensors <in.ppm >ids.pgm: any number of PPM pictures in, as many PGM pictures of class ids out.
using System.Text;
using SegNeXt.Core;
using SegNeXt.Inference;

if (args is not [string model])
{
    Console.Error.WriteLine("usage: segment-pixels MODEL.safetensors <in.ppm >ids.pgm");
    return 2;
}

try
{
    using ManagedSegmenter segmenter = ManagedSegmenter.Open(model);
    using Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
    byte[] pixels = [], ids = [];
    while (PortablePixmap.ReadHeader(input) is var (width, height))
    {
        Array.Resize(ref pixels, 3 * width * height);
        Array.Resize(ref ids, width * height);
        input.ReadExactly(pixels);
        segmenter.Segment(new PixelView(pixels, width, height, PixelFormat.Rgb), ids);
        output.Write(Encoding.ASCII.GetBytes($"P5 {width} {height} 255\n"));
        output.Write(ids);
    }

    return 0;
}
catch (Exception fault) when (fault is InputException or InvalidDataException or IOException)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}
