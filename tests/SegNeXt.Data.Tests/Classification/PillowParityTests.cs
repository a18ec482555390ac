using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>Picture operations against what Pillow 9.4 makes of the same small pictures.</summary>
public sealed class PillowParityTests
{
    private const int Width = 6;
    private const int Height = 4;
    private static readonly byte[] s_mean = [124, 116, 104];

    public delegate void Operation(Span<byte> rgb, Span<byte> scratch);

    public static TheoryData<string, int[], int> Tone => new()
    {
        { "autocontrast", [0, 37, 87, 37, 79, 129, 75, 121, 171, 113, 163, 213], 8992 },
        { "equalize", [0, 53, 106, 37, 90, 143, 74, 127, 180, 111, 164, 217], 9394 },
        { "invert", [255, 202, 149, 218, 165, 112, 181, 128, 75, 144, 91, 38], 8966 },
        { "posterize 2", [0, 0, 64, 0, 64, 128, 64, 64, 128, 64, 128, 192], 6976 },
        { "solarize 100", [0, 53, 149, 37, 90, 112, 74, 128, 75, 144, 91, 38], 4871 },
        { "color 0.3", [30, 46, 61, 67, 83, 98, 104, 120, 135, 141, 157, 172], 9394 },
        { "contrast 0.3", [91, 107, 123, 102, 118, 134, 113, 129, 145, 125, 140, 156], 9389 },
        { "brightness 0.3", [0, 15, 31, 11, 27, 42, 22, 38, 54, 33, 49, 65], 2788 },
        { "sharpness 0.3", [0, 53, 106, 37, 90, 143, 74, 127, 180, 111, 164, 217], 9440 },
        { "color 1.7", [0, 60, 150, 6, 97, 187, 43, 134, 224, 80, 171, 255], 9458 },
        { "contrast 1.7", [0, 0, 88, 0, 61, 151, 34, 124, 214, 97, 187, 255], 9222 },
        { "brightness 1.7", [0, 90, 180, 62, 153, 243, 125, 215, 255, 188, 255, 255], 13186 },
        { "sharpness 1.7", [0, 53, 106, 37, 90, 143, 74, 127, 180, 111, 164, 217], 9326 },
    };

    public static TheoryData<string, int[], int> Warp => new()
    {
        { "shear x 0.3", [5, 58, 111, 42, 95, 148, 79, 132, 185, 116, 169, 222], 9385 },
        { "shear y -0.2", [0, 53, 106, 37, 90, 143, 74, 127, 180, 124, 116, 104], 9063 },
        { "translate 1.5", [55, 108, 161, 92, 145, 198, 129, 182, 235, 166, 219, 144], 9332 },
        { "rotate 30", [124, 116, 104, 124, 116, 104, 104, 157, 210, 110, 126, 179], 9270 },
        { "rotate -17", [72, 125, 178, 71, 124, 177, 80, 133, 154, 93, 146, 199], 9649 },
    };

    [Theory]
    [MemberData(nameof(Tone))]
    public void Tones_OnASmallPicture_ArePillows(string operation, int[] first, int sum)
    {
        byte[] rgb = Small();
        byte[] scratch = new byte[rgb.Length];
        string[] words = operation.Split(' ');
        float amount = words.Length > 1 ? float.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        switch (words[0])
        {
            case "autocontrast": Tones.AutoContrast(rgb); break;
            case "equalize": Tones.Equalize(rgb); break;
            case "invert": Tones.Invert(rgb); break;
            case "posterize": Tones.Posterize(rgb, (int)amount); break;
            case "solarize": Tones.Solarize(rgb, (int)amount); break;
            case "color": Enhance.Color(rgb, amount); break;
            case "contrast": Enhance.Contrast(rgb, amount); break;
            case "brightness": Enhance.Brightness(rgb, amount); break;
            default: Enhance.Sharpness(rgb, Width, amount, scratch); break;
        }

        Near(first, sum, rgb, 1, 6);
    }

    [Theory]
    [MemberData(nameof(Warp))]
    public void AffineWarp_OnASmallPicture_IsPillows(string operation, int[] first, int sum)
    {
        byte[] rgb = Small();
        AffineWarp warp = operation switch
        {
            "shear x 0.3" => AffineWarp.ShearX(0.3),
            "shear y -0.2" => AffineWarp.ShearY(-0.2),
            "translate 1.5" => AffineWarp.Translate(1.5, 0),
            "rotate 30" => AffineWarp.Rotate(30, Width, Height),
            _ => AffineWarp.Rotate(-17, Width, Height),
        };
        warp.Apply(rgb, Width, s_mean, new byte[rgb.Length]);

        // Pillow cuts where this rounds.
        Near(first, sum, rgb, 1, rgb.Length);
    }

    [Theory]
    [InlineData(8, 6, new[] { 13, 66, 119, 26, 79, 132, 39, 92, 145, 52, 105, 158 }, 19036)]
    [InlineData(33, 21, new[] { 0, 52, 105, 1, 54, 107, 4, 57, 110, 7, 60, 113 }, 274408)]
    public void FilteredResize_WholePicture_IsPillowsBicubic(int width, int height, int[] first, int sum)
    {
        byte[] whole = new byte[width * height * 3];
        FilteredResize.Window(Large(), new PixelWindow(0, 0, 20, 15), width, height, whole);
        Near(first, sum, whole, 1, 40);

        byte[] part = new byte[3 * 4 * 3];
        FilteredResize.Part(Large(), width, height, new PixelWindow(2, 1, 4, 3), part);
        for (int y = 0; y < 3; y++)
        {
            Assert.Equal(whole.AsSpan((((y + 1) * width) + 2) * 3, 12), part.AsSpan(y * 12, 12));
        }
    }

    [Fact]
    public void FilteredResize_Window_IsPillowsOfTheCroppedPicture()
    {
        byte[] result = new byte[7 * 9 * 3];
        FilteredResize.Window(Large(), new PixelWindow(3, 2, 13, 12), 7, 9, result);
        Near([44, 97, 150, 53, 106, 159, 65, 118, 171, 76, 129, 182], 26759, result, 1, 20);
    }

    [Fact]
    public void FilteredResize_SameSize_IsACopy()
    {
        RgbImage image = Large();
        byte[] result = new byte[image.Pixels.Length];
        FilteredResize.Window(image, new PixelWindow(0, 0, 20, 15), 20, 15, result);
        Assert.Equal(image.Pixels, result);
    }

    private static byte[] Small()
    {
        byte[] rgb = new byte[Width * Height * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            int c = i % 3, x = i / 3 % Width, y = i / 3 / Width;
            rgb[i] = (byte)((x * 37) + (y * 91) + (c * 53) + (x * y * 7));
        }

        return rgb;
    }

    private static RgbImage Large()
    {
        RgbImage image = new(20, 15);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int c = i % 3, x = i / 3 % 20, y = i / 60;
            image.Pixels[i] = (byte)((x * 5) + (y * 11) + (c * 53) + (x * y / 3));
        }

        return image;
    }

    private static void Near(int[] first, int sum, byte[] result, int tolerance, int ofSum)
    {
        for (int i = 0; i < first.Length; i++)
        {
            Assert.InRange(result[i], first[i] - tolerance, first[i] + tolerance);
        }

        Assert.InRange(result.Sum(value => value), sum - ofSum, sum + ofSum);
    }
}
