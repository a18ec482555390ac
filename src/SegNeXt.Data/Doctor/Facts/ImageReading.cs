using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads a picture for what can be said of it.</summary>
internal static class ImageReading
{
    /// <summary>Never throws for what is in the file: a fault is part of the answer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decode">Whether the pixels are decoded, rather than the header alone.</param>
    public static ImageFacts Read(string path, bool decode)
    {
        try
        {
            byte[] data = FileBytes.Read(path);
            ImageFormat format = ImageSignature.Require(data.AsSpan(0, Math.Min(data.Length, ImageSignature.Length)), path);
            (int width, int height, int orientation) = Header(data, path, format);
            ImageFacts facts = new() { Path = path, Format = format, Width = width, Height = height, Orientation = orientation };
            if (!decode)
            {
                return facts with { Content = FileBytes.Hash(width, height, data) };
            }

            RgbImage image = ImageFile.ReadRgb(data, path);
            return facts with { Content = FileBytes.Hash(image.Width, image.Height, image.Pixels), Likeness = Likeness.Of(image) };
        }
        catch (InputException error)
        {
            return new ImageFacts { Path = path, Fault = FileBytes.Fault(path, error) };
        }
    }

    private static (int Width, int Height, int Orientation) Header(byte[] data, string path, ImageFormat format)
    {
        int width, height, orientation;
        if (format == ImageFormat.Jpeg)
        {
            (JpegFrame frame, orientation) = JpegStructure.ReadHeader(data, path, isWhole: true)!.Value;
            (width, height) = (frame.Width, frame.Height);
        }
        else
        {
            (PngHeader header, orientation) = PngStructure.ReadHeader(data, path, isWhole: true)!.Value;
            (width, height) = (header.Width, header.Height);
        }

        PixelLimit.Check(width, height, path, ImageReadOptions.Default);
        return ExifOrientation.SwapsAxes(orientation) ? (height, width, orientation) : (width, height, orientation);
    }
}
