using System.Globalization;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

/// <summary>Resizing against OpenCV's stored results, and against the plain formula on sizes of every kind.</summary>
public class ImageResizeTests
{
    [SkippableTheory]
    [InlineData("a.png.320x240")]
    [InlineData("a.png.100x75")]
    [InlineData("c.png.100x75")]
    [InlineData("b_crop_17x13.17x26")]
    [InlineData("b_crop_17x13.34x26")]
    [InlineData("b_crop_17x13.8x6")]
    [InlineData("b_crop_17x13.16x13")]
    [InlineData("b_crop_17x13.5x40")]
    [InlineData("b_crop_17x13.51x39")]
    public void Bilinear_GoldenPicture_EqualsOpenCv(string name)
    {
        GoldenArrays golden = GoldenArrays.Require("resized_images.safetensors");
        (string source, int width, int height) = Parse(name);
        RgbImage image = golden.Names.Contains(source)
            ? Picture(golden, source)
            : Picture(GoldenArrays.Require("decoded_images.safetensors"), source);

        RgbImage result = ImageResize.Bilinear(image, width, height);

        Assert.Equal(golden.Bytes(name), result.Pixels);
    }

    [SkippableTheory]
    [InlineData("label.nearest_320x240")]
    [InlineData("label.nearest_100x75")]
    [InlineData("label.nearest_53x40")]
    [InlineData("label.nearest_33x91")]
    public void Nearest_GoldenLabel_EqualsOpenCv(string name)
    {
        GoldenArrays golden = GoldenArrays.Require("resized_images.safetensors");
        int[] shape = golden.Shape("label");
        (_, int width, int height) = Parse(name.Replace("nearest_", "", StringComparison.Ordinal));

        LabelMap result = ImageResize.Nearest(new LabelMap(shape[1], shape[0], golden.Bytes("label")), width, height);

        Assert.Equal(golden.Bytes(name), result.Ids);
    }

    [SkippableFact]
    public void BilinearFloat_GoldenPicture_EqualsOpenCv()
    {
        GoldenArrays golden = GoldenArrays.Require("resized_images.safetensors");
        int[] shape = golden.Shape("b_crop_17x13");
        float[] values = [.. golden.Bytes("b_crop_17x13").Select(v => (float)v)];

        float[] result = ImageResize.BilinearFloat(values, shape[1], shape[0], 3, 34, 20);

        float[] expected = golden.Floats("b_crop_17x13.float.34x20");
        // Values up to 255 and four products: a few units in the last place of 255, which is 1.5e-5.
        Assert.All(result.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void Bilinear_AnySizes_FollowsTheFormula()
    {
        Random random = new(1);
        for (int round = 0; round < 300; round++)
        {
            RgbImage image = RandomImage(random, random.Next(1, 70), random.Next(1, 20));
            int width = random.Next(1, 90);
            int height = random.Next(1, 40);

            RgbImage result = ImageResize.Bilinear(image, width, height);

            Assert.True(
                Reference(image, width, height).AsSpan().SequenceEqual(result.Pixels),
                $"round {round}: {image.Width}×{image.Height} to {width}×{height}");
        }
    }

    [Fact]
    public void Bilinear_SameSize_IsACopy()
    {
        RgbImage image = RandomImage(new Random(2), 31, 7);

        RgbImage result = ImageResize.Bilinear(image, 31, 7);

        Assert.NotSame(image.Pixels, result.Pixels);
        Assert.Equal(image.Pixels, result.Pixels);
    }

    [Fact]
    public void Bilinear_Mirrored_CommutesWithMirroring()
    {
        // Holds where the fractions are exact in both directions: a scale of a power of two.
        RgbImage image = RandomImage(new Random(3), 24, 10);

        byte[] first = Mirror(ImageResize.Bilinear(image, 48, 20)).Pixels;
        byte[] second = ImageResize.Bilinear(Mirror(image), 48, 20).Pixels;

        Assert.Equal(first, second);
    }

    [Fact]
    public void BilinearFloat_OneChannelOfManySizes_StaysWithinItsInput()
    {
        Random random = new(4);
        for (int round = 0; round < 100; round++)
        {
            int width = random.Next(1, 30);
            int height = random.Next(1, 30);
            float[] values = [.. Enumerable.Range(0, width * height).Select(_ => random.NextSingle())];

            float[] result = ImageResize.BilinearFloat(values, width, height, 1, random.Next(1, 60), random.Next(1, 60));

            Assert.All(result, v => Assert.InRange(v, values.Min() - 1e-6f, values.Max() + 1e-6f));
        }
    }

    [Fact]
    public void Nearest_ThereAndBack_IsTheIdentity()
    {
        LabelMap labels = new(5, 4, [.. Enumerable.Range(0, 20).Select(i => (byte)(i * 11))]);

        LabelMap result = ImageResize.Nearest(ImageResize.Nearest(labels, 15, 8), 5, 4);

        Assert.Equal(labels.Ids, result.Ids);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void Resize_EmptySize_IsRefused(int width, int height)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResize.Bilinear(new RgbImage(2, 2), width, height));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResize.Nearest(new LabelMap(2, 2), width, height));
    }

    /// <summary>The rule, written down pixel by pixel.</summary>
    private static byte[] Reference(RgbImage image, int width, int height)
    {
        byte[] result = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            (int row, float fy) = Source(y, image.Height, height);
            for (int x = 0; x < width; x++)
            {
                (int column, float fx) = Source(x, image.Width, width);
                if (column < 0 || column >= image.Width - 1)
                {
                    column = Math.Clamp(column, 0, image.Width - 1);
                    fx = 0;
                }

                for (int c = 0; c < 3; c++)
                {
                    int upper = Along(Math.Clamp(row, 0, image.Height - 1));
                    int lower = Along(Math.Clamp(row + 1, 0, image.Height - 1));
                    int value = ((Fixed(1 - fy) * (upper >> 4)) >> 16) + ((Fixed(fy) * (lower >> 4)) >> 16);
                    result[(y * width + x) * 3 + c] = (byte)((value + 2) >> 2);

                    int Along(int r)
                    {
                        int left = image.Pixels[(r * image.Width + column) * 3 + c];
                        int right = image.Pixels[(r * image.Width + Math.Min(column + 1, image.Width - 1)) * 3 + c];
                        return left * Fixed(1 - fx) + right * Fixed(fx);
                    }
                }
            }
        }

        return result;

        static (int Index, float Fraction) Source(int i, int input, int output)
        {
            float f = (float)((i + 0.5) * (1.0 / ((double)output / input)) - 0.5);
            return ((int)MathF.Floor(f), f - MathF.Floor(f));
        }

        static int Fixed(float weight) => (int)MathF.Round(weight * 2048, MidpointRounding.ToEven);
    }

    private static RgbImage RandomImage(Random random, int width, int height)
    {
        RgbImage image = new(width, height);
        random.NextBytes(image.Pixels);
        return image;
    }

    private static RgbImage Mirror(RgbImage image)
    {
        RgbImage result = new(image.Width, image.Height);
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            int mirrored = i - i % image.Width + (image.Width - 1 - i % image.Width);
            image.Pixels.AsSpan(i * 3, 3).CopyTo(result.Pixels.AsSpan(mirrored * 3, 3));
        }

        return result;
    }

    private static RgbImage Picture(GoldenArrays golden, string name) =>
        new(golden.Shape(name)[1], golden.Shape(name)[0], golden.Bytes(name));

    private static (string Source, int Width, int Height) Parse(string name)
    {
        int dot = name.LastIndexOf('.');
        string[] size = name[(dot + 1)..].Split('x');
        return (name[..dot], int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture));
    }
}
