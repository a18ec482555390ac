using System.Globalization;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Against what OpenCV and the released code compute.</summary>
public class PhotometricGoldenTests
{
    [SkippableFact]
    public void AppendLinear_GoldenCases_AreExact()
    {
        GoldenArrays golden = GoldenArrays.Require("photometric.safetensors");
        string[] cases = [.. golden.Names.Where(name => name.StartsWith("convert_", StringComparison.Ordinal))];
        Assert.Equal(5, cases.Length);
        foreach (string name in cases)
        {
            string[] parts = name.Split('_');
            byte[] table = new byte[256];
            ByteTable.Identity(table);
            ByteTable.AppendLinear(table, Number(parts[2]), Number(parts[4]));
            byte[] pixels = golden.Bytes("image_rgb");
            ByteTable.Map(pixels, table);
            Assert.Equal(golden.Bytes(name), pixels);
        }
    }

    [SkippableTheory]
    [InlineData("image_rgb", "hsv")]
    [InlineData("cube_rgb", "cube_hsv")]
    public void FromRgb_GoldenPictures_AreExact(string rgb, string hsv)
    {
        GoldenArrays golden = GoldenArrays.Require("photometric.safetensors");
        byte[] pixels = golden.Bytes(rgb);
        byte[] expected = golden.Bytes(hsv);
        for (int p = 0; p < pixels.Length; p += 3)
        {
            Hsv.FromRgb(new(pixels[p]), new(pixels[p + 1]), new(pixels[p + 2]), out var h, out var s, out var v);
            Assert.Equal((expected[p], expected[p + 1], expected[p + 2]), (h[0], s[0], v[0]));
        }
    }

    [SkippableFact]
    public void HueSaturation_GoldenCases_AreWithinOne()
    {
        GoldenArrays golden = GoldenArrays.Require("photometric.safetensors");
        byte[] table = new byte[256];
        ByteTable.Identity(table);
        int cases = 0;
        foreach (string name in golden.Names)
        {
            string[] parts = name.Split('_');
            (float saturation, int hue) = parts[0] switch
            {
                "saturation" => (Number(parts[1]), 0),
                "hue" => (1f, (int)Number(parts[1])),
                _ => (-1f, 0),
            };
            if (saturation < 0 && name != "hsv_back_rgb")
            {
                continue;
            }

            byte[] pixels = golden.Bytes("image_rgb");
            HueSaturation.Apply(pixels, Math.Abs(saturation), hue, table);
            byte[] expected = golden.Bytes(name);
            Assert.All(Enumerable.Range(0, pixels.Length), i => Assert.InRange(pixels[i] - expected[i], -1, 1));
            cases++;
        }

        Assert.Equal(8, cases);
    }

    [SkippableFact]
    public void Normalize_GoldenPicture_IsExact()
    {
        GoldenArrays golden = GoldenArrays.Require("normalized_images.safetensors");
        byte[] ramp = [.. Enumerable.Range(0, 256).SelectMany(v => new[] { (byte)v, (byte)v, (byte)v })];
        float[] planes = new float[3 * 256];
        AugmentationOptions options = new();
        new Normalize(options.Mean, options.Std).Apply(new(256, 1, ramp), planes);
        float[] expected = golden.Floats("all_values_0_to_255");
        for (int i = 0; i < planes.Length; i++)
        {
            // The same arithmetic in the same precision.
            Assert.Equal(expected[i], planes[i], 0f);
        }
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
