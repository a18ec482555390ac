using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class PhotometricDistortionTests
{
    [Fact]
    public void Apply_NeutralNumbers_ChangesNothing()
    {
        PhotometricDistortion neutral = new()
        {
            BrightnessDelta = 0, ContrastMin = 1, ContrastMax = 1, SaturationMin = 1, SaturationMax = 1, HueDelta = 0,
        };
        Sample sample = TestSamples.Random(31, 17, 1);
        for (ulong seed = 0; seed < 20; seed++)
        {
            SampleRandom random = new(seed);
            Assert.Equal(sample.Image.Pixels, neutral.Apply(sample, ref random).Image.Pixels);
        }
    }

    [Fact]
    public void Apply_ManyDraws_ShiftsTheMeanBothWaysAndLeavesTheInputAlone()
    {
        Sample sample = TestSamples.Random(16, 16, 2);
        byte[] before = [.. sample.Image.Pixels];
        double mean = before.Average(v => (double)v);
        int brighter = 0;
        int darker = 0;
        int same = 0;
        SampleRandom random = new(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] after = new PhotometricDistortion().Apply(sample, ref random).Image.Pixels;
            double change = after.Average(v => (double)v) - mean;
            brighter += change > 5 ? 1 : 0;
            darker += change < -5 ? 1 : 0;
            same += after.AsSpan().SequenceEqual(before) ? 1 : 0;
        }

        Assert.Equal(before, sample.Image.Pixels);
        Assert.InRange(brighter, 20, 120);
        Assert.InRange(darker, 20, 140);

        // All four parts stay out in one case of sixteen.
        Assert.InRange(same, 3, 30);
    }

    [Fact]
    public void HueSaturation_PrimaryColours_TurnsAndGreys()
    {
        byte[] rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 90, 90, 90];
        byte[] table = new byte[256];
        ByteTable.Identity(table);
        HueSaturation.Apply(rgb, 1f, 60, table);
        Assert.Equal([0, 255, 0, 0, 0, 255, 255, 0, 0, 90, 90, 90], rgb);
        HueSaturation.Apply(rgb, 0f, 0, table);
        Assert.Equal([255, 255, 255, 255, 255, 255, 255, 255, 255, 90, 90, 90], rgb);
    }

    [Fact]
    public void Hsv_WholeColourCube_ComesBackWithinTheRoundingOfItsBytes()
    {
        int lanes = Vector<int>.Count;
        int[] lane = new int[lanes];
        for (int i = 0; i < lanes; i++)
        {
            lane[i] = i;
        }

        Vector<int> offsets = new(lane);
        int worst = 0;
        for (int r = 0; r < 256; r += 5)
        {
            for (int g = 0; g < 256; g += 3)
            {
                for (int b = 0; b + lanes <= 256; b += lanes)
                {
                    Vector<int> blue = new Vector<int>(b) + offsets;
                    Hsv.FromRgb(new Vector<int>(r), new Vector<int>(g), blue, out Vector<int> h, out Vector<int> s, out Vector<int> v);
                    Assert.True(Vector.LessThanAll(h, new Vector<int>(180)) && Vector.GreaterThanOrEqualAll(h, Vector<int>.Zero));
                    Hsv.ToRgb(h, s, v, out Vector<int> r2, out Vector<int> g2, out Vector<int> b2);
                    Vector<int> difference = Vector.Max(
                        Vector.Abs(r2 - new Vector<int>(r)), Vector.Max(Vector.Abs(g2 - new Vector<int>(g)), Vector.Abs(b2 - blue)));
                    for (int i = 0; i < lanes; i++)
                    {
                        worst = Math.Max(worst, difference[i]);
                    }
                }
            }
        }

        // Half a step of hue is 1/60 of a sector: 255/60 at full chroma.
        Assert.InRange(worst, 1, 5);
    }
}
