using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class TrainTransformTests
{
    public static TheoryData<int, int, int, int> Cases => new()
    {
        // picture, crop: larger, smaller in one direction, smaller in both
        { 80, 60, 32, 40 },
        { 80, 60, 90, 50 },
        { 33, 21, 97, 128 },
        { 121, 90, 64, 64 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_AnySample_EqualsTheStepsOneAfterTheOther(int width, int height, int cropHeight, int cropWidth)
    {
        AugmentationOptions options = new() { ResizeBaseWidth = 80, ResizeBaseHeight = 60, CropHeight = cropHeight, CropWidth = cropWidth };
        TrainTransform transform = new(options);
        Sample sample = TestSamples.Random(width, height, 9);
        for (ulong seed = 0; seed < 25; seed++)
        {
            SampleRandom random = new(seed);
            float[] image = Filled(3 * cropHeight * cropWidth);
            byte[] label = new byte[cropHeight * cropWidth];
            transform.Apply(sample, ref random, image, label);

            SampleRandom stepRandom = new(seed);
            (float[] expectedImage, byte[] expectedLabel) = StepByStep(options, sample, ref stepRandom);
            Assert.Equal(expectedLabel, label);
            Assert.Equal(expectedImage, image);
            Assert.Equal(stepRandom.NextUInt64(), random.NextUInt64());
        }
    }

    [Fact]
    public void Apply_ResizeAndPhotometricOff_KeepsPixels()
    {
        TrainTransform transform = new(new AugmentationOptions
        {
            ResizeBaseWidth = 0, ResizeBaseHeight = 0, RatioMin = 1, RatioMax = 1, CropHeight = 3, CropWidth = 4, FlipProbability = 0, Photometric = null,
            Mean = [0, 0, 0], Std = [1, 1, 1],
        });
        Sample sample = TestSamples.Random(4, 3, 1);
        float[] image = new float[36];
        byte[] label = new byte[12];
        SampleRandom random = new(1);
        transform.Apply(sample, ref random, image, label);
        Assert.Equal(sample.Label.Ids, label);
        Assert.Equal(sample.Image.Pixels.Where((_, i) => i % 3 == 1).Select(v => (float)v), image[12..24]);
    }

    [Fact]
    public void Apply_WrongSpan_Throws()
    {
        TrainTransform transform = new(new AugmentationOptions { CropHeight = 4, CropWidth = 4 });
        SampleRandom random = new(1);
        Assert.Throws<ArgumentException>(() => transform.Apply(TestSamples.Random(4, 4, 1), ref random, new float[47], new byte[16]));
    }

    [Fact]
    public void Normalize_BadDeviation_Throws()
    {
        Assert.Throws<InputException>(() => new Normalize([1, 2, 3], [1, 0, 1]));
        Assert.Throws<InputException>(() => new Normalize([1, 2], [1, 1]));
    }

    private static (float[] Image, byte[] Label) StepByStep(AugmentationOptions options, Sample sample, ref SampleRandom random)
    {
        ISampleTransform[] steps =
        [
            new RandomResize(options.ResizeBaseWidth, options.ResizeBaseHeight, options.RatioMin, options.RatioMax),
            new RandomCrop(options.CropHeight, options.CropWidth, options.CatMaxRatio),
            new RandomFlip(options.FlipProbability),
            options.Photometric!,
        ];
        foreach (ISampleTransform step in steps)
        {
            sample = step.Apply(sample, ref random);
        }

        int width = sample.Image.Width;
        int height = sample.Image.Height;
        float[] planes = new float[3 * width * height];
        new Normalize(options.Mean, options.Std).Apply(sample.Image, planes);
        Sample padded = new Pad(options.CropWidth, options.CropHeight).Apply(sample, ref random);

        // Padding comes after the normalisation, so it is 0 there.
        float[] image = new float[3 * options.CropWidth * options.CropHeight];
        for (int row = 0; row < 3 * height; row++)
        {
            int target = ((row / height * options.CropHeight) + (row % height)) * options.CropWidth;
            planes.AsSpan(row * width, width).CopyTo(image.AsSpan(target));
        }

        return (image, padded.Label.Ids);
    }

    private static float[] Filled(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, 7f);
        return values;
    }
}
