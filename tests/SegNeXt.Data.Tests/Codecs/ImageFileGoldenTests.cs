using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Pictures and labels against what the released code's reader (OpenCV, Pillow) makes of the same files.</summary>
public class ImageFileGoldenTests
{
    /// <summary>Largest difference of a JPEG value: another accurate transform may round otherwise.</summary>
    private const int JpegTolerance = 3;

    /// <summary>Least share of JPEG values that are equal.</summary>
    private const double JpegEqualShare = 0.95;

    [SkippableTheory]
    [InlineData("a.png", "a.png")]
    [InlineData("b.png", "b.png")]
    [InlineData("c.png", "c.png")]
    [InlineData("b_gray.png", "b_gray.png")]
    [InlineData("b_palette.png", "b_palette.png")]
    [InlineData("b_palette_4bit.png", "b_palette_4bit.png")]
    [InlineData("b_1bit.png", "b_1bit.png")]
    [InlineData("b_rgba.png", "b.png")]
    [InlineData("b_gray_alpha.png", "b_gray.png")]
    [InlineData("b_rgb16.png", "b.png")]
    [InlineData("b_gray16.png", "b_gray.png")]
    public void ReadRgb_GoldenPng_EqualsReference(string file, string expected)
    {
        GoldenArrays golden = GoldenArrays.Require("decoded_images.safetensors");

        RgbImage image = ImageFile.ReadRgb(Path.Combine(TestPaths.RequireGolden("images"), file));

        Assert.Equal(golden.Shape(expected), new[] { image.Height, image.Width, 3 });
        Assert.Equal(golden.Bytes(expected), image.Pixels);
    }

    [SkippableTheory]
    [InlineData("a_420_baseline.jpg", "a_420_baseline.jpg")]
    [InlineData("a_420_progressive.jpg", "a_420_baseline.jpg")]
    [InlineData("a_444_baseline.jpg", "a_444_baseline.jpg")]
    [InlineData("a_444_progressive.jpg", "a_444_baseline.jpg")]
    [InlineData("b_422.jpg", "b_422.jpg")]
    [InlineData("b_420_q50.jpg", "b_420_q50.jpg")]
    [InlineData("c_420.jpg", "c_420.jpg")]
    [InlineData("b_gray.jpg", "b_gray.jpg")]
    [InlineData("b_exif6.jpg", "b_exif6.jpg")]
    public void ReadRgb_GoldenJpeg_IsWithinTheAccurateDecoders(string file, string expected)
    {
        GoldenArrays golden = GoldenArrays.Require("decoded_images.safetensors");

        RgbImage image = ImageFile.ReadRgb(Path.Combine(TestPaths.RequireGolden("images"), file));

        byte[] values = golden.Bytes(expected);
        Assert.Equal(golden.Shape(expected), new[] { image.Height, image.Width, 3 });
        Assert.InRange(values.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, JpegTolerance);
        Assert.True(values.Zip(image.Pixels, (a, b) => a == b).Count(equal => equal) >= JpegEqualShare * values.Length);
    }

    [SkippableTheory]
    [InlineData("gray1.png")]
    [InlineData("gray8.png")]
    [InlineData("gray16.png")]
    [InlineData("palette4.png")]
    [InlineData("palette8.png")]
    public void ReadLabel_GoldenLabel_KeepsTheRawIds(string file)
    {
        GoldenArrays golden = GoldenArrays.Require("labels_decoded.safetensors");
        string path = Path.Combine(TestPaths.RequireGolden("labels"), file);

        LabelMap plain = ImageFile.ReadLabel(path);
        LabelMap reduced = ImageFile.ReadLabel(path, new ImageReadOptions { ReduceZeroLabel = true });

        Assert.Equal(golden.Shape(file + ".plain"), new[] { plain.Height, plain.Width });
        Assert.Equal(golden.Bytes(file + ".plain"), plain.Ids);
        Assert.Equal(golden.Bytes(file + ".reduce_zero"), reduced.Ids);
    }

    [SkippableTheory]
    [InlineData("b_exif6.jpg", true, 80, 107)]
    [InlineData("b_exif6.jpg", false, 107, 80)]
    [InlineData("a_420_progressive.jpg", true, 213, 160)]
    [InlineData("b_palette_4bit.png", true, 107, 80)]
    public void ReadSize_GoldenPicture_AgreesWithThePicture(string file, bool applyOrientation, int width, int height)
    {
        string path = Path.Combine(TestPaths.RequireGolden("images"), file);
        ImageReadOptions options = new() { ApplyOrientation = applyOrientation };

        Assert.Equal((width, height), ImageFile.ReadSize(path, options));
        RgbImage image = ImageFile.ReadRgb(path, options);
        Assert.Equal((width, height), (image.Width, image.Height));
    }
}
