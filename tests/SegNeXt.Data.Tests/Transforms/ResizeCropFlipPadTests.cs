using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class ResizeCropFlipPadTests
{
    // Sizes of the golden test_pipeline pictures: b.png is 107×80, c.png is 90×121.
    [Theory]
    [InlineData(107, 80, 256, 64, 86, 64)]
    [InlineData(90, 121, 128, 32, 32, 43)]
    [InlineData(90, 121, 256, 64, 64, 86)]
    [InlineData(90, 121, 448, 112, 112, 151)]
    [InlineData(1000, 1, 10, 10, 10, 1)]
    public void KeepRatio_Scale_GivesOfficialSize(int width, int height, int scaleWidth, int scaleHeight, int newWidth, int newHeight)
    {
        Assert.Equal((newWidth, newHeight), ResizeRule.KeepRatio(width, height, scaleWidth, scaleHeight));
    }

    [Fact]
    public void RandomResize_ManyDraws_CoverTheRangeOfRatios()
    {
        RandomResize resize = new(480, 360);
        SampleRandom random = new(1);
        List<int> widths = [];
        for (int i = 0; i < 2000; i++)
        {
            (int width, int height) = resize.DrawSize(480, 360, ref random);
            Assert.InRange((double)width / height, 1.32, 1.35);
            widths.Add(width);
        }

        Assert.InRange(widths.Min(), 239, 245);
        Assert.InRange(widths.Max(), 950, 960);
        Assert.InRange(widths.Average(), 580, 620);
    }

    [Fact]
    public void RandomResize_NoBase_TakesThePicturesOwnSize()
    {
        SampleRandom random = new(3);
        Assert.Equal((200, 100), new RandomResize(0, 0, 2, 2).DrawSize(100, 50, ref random));
    }

    [Fact]
    public void RandomResize_Sample_ResizesPictureAndLabels()
    {
        Sample sample = TestSamples.Random(40, 30, 1);
        SampleRandom random = new(3);
        Sample result = new RandomResize(80, 60, 1, 1).Apply(sample, ref random);
        Assert.Equal(ImageResize.Bilinear(sample.Image, 80, 60).Pixels, result.Image.Pixels);
        Assert.Equal(ImageResize.Nearest(sample.Label, 80, 60).Ids, result.Label.Ids);
    }

    [Theory]
    [InlineData(0, 10, 0.5, 2)]
    [InlineData(10, 10, 0, 2)]
    [InlineData(10, 10, 2, 1)]
    [InlineData(10, 10, double.NaN, 1)]
    public void RandomResize_BadNumbers_Throws(int width, int height, double min, double max)
    {
        Assert.Throws<InputException>(() => new RandomResize(width, height, min, max));
    }

    [Fact]
    public void RandomCrop_Sample_CutsPictureAndLabelsAtOnePlace()
    {
        // A picture that tells where each pixel came from.
        RgbImage image = new(50, 40);
        LabelMap label = new(50, 40);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            image.Pixels[3 * i] = (byte)(i % 50);
            image.Pixels[(3 * i) + 1] = (byte)(i / 50);
            label.Ids[i] = (byte)((i % 50) + (i / 50));
        }

        SampleRandom random = new(5);
        HashSet<(int, int)> corners = [];
        for (int n = 0; n < 50; n++)
        {
            Sample crop = new RandomCrop(8, 16).Apply(new Sample(image, label), ref random);
            Assert.Equal((16, 8), (crop.Image.Width, crop.Image.Height));
            corners.Add((crop.Image.Pixels[0], crop.Image.Pixels[1]));
            for (int i = 0; i < crop.Label.Ids.Length; i++)
            {
                Assert.Equal(crop.Image.Pixels[0] + (i % 16), crop.Image.Pixels[3 * i]);
                Assert.Equal(crop.Image.Pixels[3 * i] + crop.Image.Pixels[(3 * i) + 1], crop.Label.Ids[i]);
            }
        }

        Assert.True(corners.Count > 40, $"only {corners.Count} places");
    }

    [Fact]
    public void RandomCrop_SmallerPicture_KeepsItsSize()
    {
        Sample sample = TestSamples.Random(9, 30, 2);
        SampleRandom random = new(1);
        Sample crop = new RandomCrop(20, 16).Apply(sample, ref random);
        Assert.Equal((9, 20), (crop.Image.Width, crop.Image.Height));
    }

    [Fact]
    public void RandomCrop_MostlyOneClass_PrefersMixedWindows()
    {
        // One labelled corner of another class: a window drawn once shows it in a sixth of the cases.
        LabelMap label = new(64, 64);
        for (int y = 0; y < 20; y++)
        {
            label.Ids.AsSpan(y * 64, 20).Fill(1);
        }

        Sample sample = new(new RgbImage(64, 64), label);
        int plain = CountMixed(new RandomCrop(16, 16, 1.0), sample);
        int checkedWindows = CountMixed(new RandomCrop(16, 16, 0.75), sample);
        Assert.InRange(plain, 10, 90);
        Assert.True(checkedWindows > 2 * plain, $"{checkedWindows} mixed windows against {plain}");
    }

    [Fact]
    public void RandomCrop_IgnoredPixels_DoNotCountInTheShare()
    {
        // 1 of 16 labelled pixels of class 1 would do if the ignored ones counted; here it is 1 of 2.
        LabelMap label = new(4, 4);
        label.Ids.AsSpan().Fill(LabelMap.Ignore);
        label.Ids[0] = 0;
        label.Ids[1] = 1;
        SampleRandom random = new(1);
        ulong before = Peek(random);
        new RandomCrop(4, 4, 0.75).Apply(new Sample(new RgbImage(4, 4), label), ref random);

        // Accepted at once: two numbers drawn, no more.
        SampleRandom expected = new(1);
        expected.NextInt(0, 1);
        expected.NextInt(0, 1);
        Assert.Equal(Peek(expected), Peek(random));
        Assert.NotEqual(before, Peek(random));
    }

    [Fact]
    public void RandomCrop_HopelessPicture_EndsAfterTenMoreDraws()
    {
        SampleRandom random = new(1);
        new RandomCrop(4, 4).Apply(new Sample(new RgbImage(8, 8), new LabelMap(8, 8)), ref random);
        SampleRandom expected = new(1);
        for (int i = 0; i < 22; i++)
        {
            expected.NextInt(0, 5);
        }

        Assert.Equal(Peek(expected), Peek(random));
    }

    [Fact]
    public void RandomFlip_Always_MirrorsPictureAndLabels()
    {
        Sample sample = TestSamples.Random(6, 3, 1);
        SampleRandom random = new(1);
        RandomFlip flip = new(1);
        Sample once = flip.Apply(sample, ref random);
        for (int y = 0; y < 3; y++)
        {
            for (int x = 0; x < 6; x++)
            {
                Assert.Equal(sample.Label.Ids[(y * 6) + x], once.Label.Ids[(y * 6) + 5 - x]);
                Assert.Equal(sample.Image.Pixels[((y * 6) + x) * 3], once.Image.Pixels[((y * 6) + 5 - x) * 3]);
            }
        }

        Assert.Equal(sample.Image.Pixels, flip.Apply(once, ref random).Image.Pixels);
        Assert.Same(sample, new RandomFlip(0).Apply(sample, ref random));
    }

    [Fact]
    public void Pad_SmallerSample_AddsBlackAndIgnore()
    {
        Sample sample = TestSamples.Random(3, 2, 1);
        SampleRandom random = new(1);
        Sample padded = new Pad(5, 4).Apply(sample, ref random);
        Assert.Equal((5, 4), (padded.Label.Width, padded.Label.Height));
        Assert.Equal(sample.Label.Ids[3], padded.Label.Ids[5]);
        Assert.Equal(sample.Image.Pixels[3 * 3], padded.Image.Pixels[3 * 5]);
        Assert.Equal(LabelMap.Ignore, padded.Label.Ids[3]);
        Assert.Equal(LabelMap.Ignore, padded.Label.Ids[19]);
        Assert.Equal(0, padded.Image.Pixels[^1]);
        Assert.Same(sample, new Pad(3, 1).Apply(sample, ref random));
    }

    private static ulong Peek(SampleRandom copy) => copy.NextUInt64();

    private static int CountMixed(RandomCrop crop, Sample sample)
    {
        SampleRandom random = new(7);
        int mixed = 0;
        for (int i = 0; i < 200; i++)
        {
            byte[] ids = crop.Apply(sample, ref random).Label.Ids;
            double share = ids.Count(id => id == 1) / (double)ids.Length;
            mixed += share is > 0.25 and < 0.75 ? 1 : 0;
        }

        return mixed;
    }
}
