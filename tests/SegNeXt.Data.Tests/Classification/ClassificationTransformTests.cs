using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public sealed class ClassificationTransformTests
{
    private static readonly double[] s_mean = [124, 116, 104];

    [Fact]
    public void RandomResizedCrop_ManyDraws_KeepInsideAndToTheRanges()
    {
        RandomResizedCrop crop = new(0.25, 0.9, 0.5, 2);
        SampleRandom random = new(4);
        double area = 0;
        const int Draws = 4000;
        for (int i = 0; i < Draws; i++)
        {
            PixelWindow window = crop.Draw(400, 400, ref random);
            Assert.True(window.X >= 0 && window.Y >= 0 && window.X + window.Width <= 400 && window.Y + window.Height <= 400);
            double share = window.Width * window.Height / 160_000.0;
            Assert.InRange(share, 0.248, 0.902);
            Assert.InRange((double)window.Width / window.Height, 0.495, 2.02);
            area += share;
        }

        // Large areas of extreme ratios do not fit and are drawn again: somewhat below the mean of the range.
        Assert.InRange(area / Draws, 0.48, 0.575);
    }

    [Fact]
    public void RandomResizedCrop_NothingFits_TakesTheCentre()
    {
        // A strip of 100×10 has no part of ratio ¾ to 4/3 with half its area.
        RandomResizedCrop crop = new(0.5, 1);
        SampleRandom random = new(1);
        Assert.Equal(new PixelWindow(43, 0, 13, 10), crop.Draw(100, 10, ref random));
        Assert.Equal(new PixelWindow(0, 43, 10, 13), crop.Draw(10, 100, ref random));
    }

    [Fact]
    public void RandomResizedCrop_WholePictureOnly_IsTheWholePicture()
    {
        RandomResizedCrop crop = new(1, 1, 1, 1);
        SampleRandom random = new(1);
        Assert.Equal(new PixelWindow(0, 0, 64, 64), crop.Draw(64, 64, ref random));
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(0.5, 0.4, 1, 1)]
    [InlineData(0.5, 1.1, 1, 1)]
    [InlineData(0.5, 1, 2, 1)]
    [InlineData(0.5, 1, 0, 1)]
    public void RandomResizedCrop_EmptyRange_IsRefused(double scaleMin, double scaleMax, double ratioMin, double ratioMax) =>
        Assert.Throws<InputException>(() => new RandomResizedCrop(scaleMin, scaleMax, ratioMin, ratioMax));

    [Fact]
    public void RandomErasing_Always_FillsOneRectangleOfTheDocumentedSizeWithNoise()
    {
        RandomErasing erasing = new(1);
        SampleRandom random = new(5);
        double sum = 0, squares = 0;
        long values = 0;
        for (int i = 0; i < 200; i++)
        {
            float[] planes = new float[3 * 40 * 50];
            Array.Fill(planes, 99f);
            PixelWindow window = erasing.Apply(planes, 40, 50, ref random)!.Value;
            Assert.InRange(window.Width * window.Height / 2000.0, 0.015, 0.36);
            int changed = 0;
            for (int p = 0; p < planes.Length; p++)
            {
                int x = p % 50, y = p / 50 % 40;
                bool inside = x >= window.X && x < window.X + window.Width && y >= window.Y && y < window.Y + window.Height;
                Assert.Equal(inside, planes[p] != 99f);
                changed += inside ? 1 : 0;
                sum += inside ? planes[p] : 0;
                squares += inside ? planes[p] * planes[p] : 0;
            }

            values += changed;
        }

        Assert.InRange(sum / values, -0.02, 0.02);
        Assert.InRange(squares / values, 0.98, 1.02);
    }

    [Fact]
    public void RandomErasing_Never_LeavesThePicture()
    {
        SampleRandom random = new(5);
        float[] planes = new float[3 * 8 * 8];
        Assert.Null(new RandomErasing(0).Apply(planes, 8, 8, ref random));
        Assert.All(planes, value => Assert.Equal(0, value));
    }

    [Fact]
    public void RandAugment_StrengthZero_ChangesNothingThatHasAStrength()
    {
        RandAugment augment = new(9, 0.5, 2, s_mean);
        Sample sample = TestSamples.Random(24, 16, 3);
        foreach (PictureOperation operation in Enum.GetValues<PictureOperation>().Where(o => o is not (PictureOperation.AutoContrast or PictureOperation.Equalize or PictureOperation.Invert or PictureOperation.Posterize)))
        {
            byte[] rgb = [.. sample.Image.Pixels];
            augment.Apply(operation, 0, negative: true, rgb, 24, new byte[rgb.Length]);
            Assert.Equal(sample.Image.Pixels, rgb);
        }
    }

    [Theory]
    [InlineData(nameof(PictureOperation.Posterize), 9, 0x80)]
    [InlineData(nameof(PictureOperation.Posterize), 5, 0xC0)]
    [InlineData(nameof(PictureOperation.Solarize), 9, 200)]
    [InlineData(nameof(PictureOperation.SolarizeAdd), 9, 200)]
    [InlineData(nameof(PictureOperation.Brightness), 10, 255)]
    public void RandAugment_Increasing_HasTimmsMagnitudes(string name, double strength, int of200)
    {
        // 4 − ⌊4·0.9⌋ = 1 bit, 4 − ⌊4·0.5⌋ = 2 bits; threshold 256 − ⌊230.4⌋ = 26, 255 − 200 = 55; 200 is above 128; 1 + 0.9.
        byte[] rgb = [200, 200, 200, 30, 30, 30];
        new RandAugment(9, 0, 1, s_mean).Apply(Enum.Parse<PictureOperation>(name), strength, negative: false, rgb, 2, new byte[6]);
        Assert.Equal(name == nameof(PictureOperation.Solarize) ? 55 : of200, rgb[0]);
        if (name == nameof(PictureOperation.SolarizeAdd))
        {
            Assert.Equal(30 + 99, rgb[3]);
        }
    }

    [Fact]
    public void Apply_SameSeed_IsTheSameSample_AndAnotherSeedAnother()
    {
        ClassificationTransform transform = Full();
        RgbImage picture = TestSamples.Random(50, 40, 8).Image;
        float[] first = Make(transform, picture, 11);
        Assert.Equal(first, Make(transform, picture, 11));
        Assert.NotEqual(first, Make(transform, picture, 12));
    }

    [Fact]
    public void Centre_SquareAtTheSamplesSize_IsTheNormalisedPicture()
    {
        RgbImage picture = TestSamples.Random(32, 32, 2).Image;
        float[] planes = new float[3 * 32 * 32];
        float[] expected = new float[planes.Length];
        new ClassificationTransform(new ClassificationAugmentation()).Centre(picture, 32, 32, 1, planes);
        new Normalize(ModelConfig.ImageNetMean, ModelConfig.ImageNetStd).Apply(picture, expected);
        Assert.Equal(expected, planes);
    }

    [Fact]
    public void Centre_CropRatio_TakesTheMiddle()
    {
        // 48 pixels at ratio ⅔ of 32: the picture stays at 48 and the middle 32 are taken.
        RgbImage picture = TestSamples.Random(48, 60, 2).Image;
        float[] planes = new float[3 * 32 * 32];
        new ClassificationTransform(new ClassificationAugmentation()).Centre(picture, 32, 32, 2.0 / 3, planes);
        float expected = (float)((picture.Pixels[((14 * 48) + 8) * 3] - ModelConfig.ImageNetMean[0]) / ModelConfig.ImageNetStd[0]);
        Assert.Equal(expected, planes[0], 1e-5f);
    }

    [Fact]
    public void Loader_GrowingPictures_AreTheSameForAnyNumberOfWorkersAndFromTheMiddle()
    {
        Pictures data = new(7);
        List<(int Height, float[] Images, int[] Indices)> one = Take(data, 1, 0, 8);
        Assert.Equal(one.Select(batch => batch.Images), Take(data, 4, 0, 8).Select(batch => batch.Images));
        Assert.Equal([16, 16, 16, 24, 24, 24, 24, 24], one.Select(batch => batch.Height));
        List<(int Height, float[] Images, int[] Indices)> rest = Take(data, 3, 5, 3);
        Assert.Equal(one.Skip(5).Select(batch => batch.Images), rest.Select(batch => batch.Images));
        Assert.Equal(one.Skip(5).Select(batch => batch.Indices), rest.Select(batch => batch.Indices));
    }

    [Fact]
    public void HeldOut_Split_TakesTheShareOfEachClassAndIsTheSameForASeed()
    {
        Pictures data = new(100);
        (IClassificationDataSet train, IClassificationDataSet held) = HeldOut.Split(data, 0.1, 0);
        Assert.Equal((90, 10), (train.Count, held.Count));
        Assert.Equal([2, 2, 2, 2, 2], Enumerable.Range(0, 5).Select(c => Enumerable.Range(0, held.Count).Count(i => held.ClassOf(i) == c)));
        string[] names = [.. Enumerable.Range(0, 90).Select(train.Name), .. Enumerable.Range(0, 10).Select(held.Name)];
        Assert.Equal(100, names.Distinct().Count());
        (_, IClassificationDataSet again) = HeldOut.Split(data, 0.1, 0);
        (_, IClassificationDataSet other) = HeldOut.Split(data, 0.1, 1);
        Assert.Equal(Enumerable.Range(0, 10).Select(held.Name), Enumerable.Range(0, 10).Select(again.Name));
        Assert.NotEqual(Enumerable.Range(0, 10).Select(held.Name), Enumerable.Range(0, 10).Select(other.Name));
    }

    [Fact]
    public void HeldOut_ClassOfOnePicture_IsNamed()
    {
        InputException error = Assert.Throws<InputException>(() => HeldOut.Split(new Pictures(6), 0.1, 0));
        Assert.Contains("p1.png", error.Message, StringComparison.Ordinal);
    }

    private static ClassificationTransform Full() => new(new ClassificationAugmentation
    {
        RandAugment = new RandAugment(9, 0.5, 2, s_mean),
        ColorJitter = 0.4,
        Erase = 0.5,
    });

    private static float[] Make(ClassificationTransform transform, RgbImage picture, ulong seed)
    {
        SampleRandom random = new(seed);
        float[] planes = new float[3 * 20 * 24];
        transform.Apply(picture, 20, 24, ref random, planes);
        return planes;
    }

    private static List<(int Height, float[] Images, int[] Indices)> Take(Pictures data, int workers, long start, int count)
    {
        ClassificationSamples samples = new(data, Full(), (24, 24), batch => batch < 3 ? (16, 16) : (24, 24), cacheBytes: 5000);
        using DataLoader loader = new(samples, new LoaderOptions { Batch = 3, Workers = workers, Seed = 2, StartIteration = start });
        List<(int, float[], int[])> batches = [];
        for (int i = 0; i < count; i++)
        {
            Batch batch = loader.Next();
            batches.Add((batch.Height, [.. batch.Images], [.. batch.Indices]));
            loader.Return(batch);
        }

        return batches;
    }

    private sealed class Pictures(int count) : IClassificationDataSet
    {
        public IReadOnlyList<string> Classes { get; } = ["a", "b", "c", "d", "e"];

        public int Count => count;

        public string Name(int index) => $"p{index}.png";

        public string Path(int index) => Name(index);

        public int ClassOf(int index) => index % 5;

        public ClassifiedImage Load(int index) => new(TestSamples.Random(20 + index % 9, 30 - index % 5, (ulong)index).Image, ClassOf(index));
    }
}
