namespace SegNeXt.Data.Tests;

public sealed class MixingTests
{
    private const int Side = 8;
    private const int Size = 3 * Side * Side;

    [Fact]
    public void Mixup_Batch_IsTheWeightedSumOfBothPartners()
    {
        float[] images = Batch(5);
        SampleRandom random = new(3);
        MixDraw draw = new BatchMixing(mixup: 0.8, cutmix: 0).Apply(images, 5, Side, Side, ref random);
        Assert.Null(draw.Box);
        Assert.InRange(draw.Share, 0.0001, 0.9999);
        for (int i = 0; i < 5; i++)
        {
            // Picture i is filled with i.
            Assert.All(images[(i * Size)..((i + 1) * Size)], value => Assert.Equal((draw.Share * i) + ((1 - draw.Share) * (4 - i)), value, 1e-5));
        }
    }

    [Fact]
    public void Cutmix_Batch_ExchangesTheRectangleAndNothingElse()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            float[] images = Batch(4);
            SampleRandom random = new(seed);
            MixDraw draw = new BatchMixing(mixup: 0, cutmix: 1).Apply(images, 4, Side, Side, ref random);
            PixelWindow box = draw.Box!.Value;
            Assert.Equal(1 - ((double)box.Width * box.Height / (Side * Side)), draw.Share, 1e-12);
            for (int p = 0; p < images.Length; p++)
            {
                int i = p / Size, x = p % Side, y = p / Side % Side;
                bool pasted = x >= box.X && x < box.X + box.Width && y >= box.Y && y < box.Y + box.Height;
                Assert.Equal(pasted ? 3 - i : i, images[p]);
            }
        }
    }

    [Fact]
    public void Draw_BothWays_AreChosenAsOftenAsTheSwitchSays()
    {
        BatchMixing mixing = new(0.8, 1, probability: 0.8, switchProbability: 0.25);
        int cut = 0, mixed = 0, none = 0;
        SampleRandom random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            MixDraw draw = mixing.Draw(Side, Side, ref random);
            cut += draw.Box is not null ? 1 : 0;
            mixed += draw.Box is null && draw.Share < 1 ? 1 : 0;
            none += draw == MixDraw.None ? 1 : 0;
        }

        // Four standard deviations of a share of 20,000.
        Assert.InRange(none / 20_000.0, 0.188, 0.212);
        Assert.InRange(cut / 20_000.0, 0.188, 0.212);
        Assert.InRange(mixed / 20_000.0, 0.586, 0.614);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(1.0)]
    [InlineData(0.2)]
    [InlineData(3.0)]
    public void NextBeta_ManyDraws_HaveTheMeanAndVarianceOfTheDistribution(double shape)
    {
        SampleRandom random = new(7);
        double[] draws = new double[40_000];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = random.NextBeta(shape);
        }

        double mean = draws.Average();
        double variance = draws.Average(value => (value - mean) * (value - mean));
        Assert.All(draws, value => Assert.InRange(value, 0, 1));
        Assert.InRange(mean, 0.49, 0.51);
        double expected = 1 / (4 * ((2 * shape) + 1));
        Assert.InRange(variance, 0.96 * expected, 1.04 * expected);
    }

    [Fact]
    public void NextNormal_ManyDraws_HaveMeanAndDeviation()
    {
        SampleRandom random = new(9);
        double[] draws = new double[40_000];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = random.NextNormal(9, 0.5);
        }

        double mean = draws.Average();
        Assert.InRange(mean, 8.99, 9.01);
        Assert.InRange(Math.Sqrt(draws.Average(value => (value - mean) * (value - mean))), 0.49, 0.51);
        Assert.InRange(draws.Count(value => Math.Abs(value - 9) < 0.5) / 40_000.0, 0.673, 0.692);
    }

    [Fact]
    public void SoftTargets_SmoothedAndMixed_AreTheDocumentedNumbers()
    {
        // K = 4, ε = 0.2: 0.05 everywhere, 0.8 shared 3 to 1 between the picture and its partner.
        float[] targets = SoftTargets.Of([2, 0, 1], 4, 0.2, 0.75);
        float[] expected =
        [
            0.05f, 0.25f, 0.65f, 0.05f,
            0.85f, 0.05f, 0.05f, 0.05f,
            0.05f, 0.65f, 0.25f, 0.05f,
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], targets[i], 1e-6f);
        }
    }

    private static float[] Batch(int count)
    {
        float[] images = new float[count * Size];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = i / Size;
        }

        return images;
    }
}
