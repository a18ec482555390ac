using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class EvaluationSamplesTests
{
    private static readonly double[] s_wrong = [0.10, 0.30, 0.05, 0.20, 0.00, 0.25, 0.15, 0.30, 0.02, 0.01];

    [Fact]
    public void Take_AllImages_FindsTheWorstAndTheBest()
    {
        EvaluationSamples samples = Evaluate(new FakeScenes(10));

        // Of the two equally bad ones the first comes first.
        Assert.Equal(["street/1", "street/7", "street/5", "street/3"], samples.Worst.Select(s => s.Name));
        Assert.Equal(["street/4", "street/9", "street/8"], samples.Best.Select(s => s.Name));
        Assert.Equal(["street/1", "street/3", "street/6", "street/8"], samples.Spread.Select(s => s.Name));
        Assert.Equal(1, samples.Best[0].Score.MeanIoU);
        Assert.Equal(0.7, samples.Worst[0].Score.PixelAccuracy, 1e-12);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(5, 3, 2)]
    public void Take_FewImages_ShowsNoneAsWorstAndBest(int count, int worst, int best)
    {
        EvaluationSamples samples = Evaluate(new FakeScenes(count));
        Assert.Equal((worst, best), (samples.Worst.Count, samples.Best.Count));
        Assert.Empty(samples.Worst.Select(s => s.Name).Intersect(samples.Best.Select(s => s.Name)));
        Assert.Equal(samples.Spread.Select(s => s.Name).Distinct(), samples.Spread.Select(s => s.Name));
    }

    [Fact]
    public void Take_ImageWithoutLabels_IsNeitherGoodNorBad()
    {
        FakeScenes data = new(3);
        EvaluationSamples samples = new(data);
        Sample sample = data.Load(0);
        sample.Label.Ids.AsSpan().Fill(LabelMap.Ignore);
        samples.Take(0, sample, new LabelMap(40, 30));
        Assert.Empty(samples.Worst);
        Assert.Empty(samples.Best);
        Assert.All(samples.Spread[0].Errors().Ids, id => Assert.Equal(2, id));
    }

    [Fact]
    public void Take_LargePicture_IsKeptSmallWithItsProportions()
    {
        FakeScenes data = new(1, 2048, 1024);
        EvaluationSamples samples = Evaluate(data);
        EvaluationSample kept = samples.Worst[0];
        Assert.Equal((640, 320, 640, 320, 640, 320), (kept.Image.Width, kept.Image.Height, kept.Truth.Width, kept.Truth.Height, kept.Prediction.Width, kept.Prediction.Height));

        // The figures are those of the whole picture.
        Assert.Equal(0.9, kept.Score.PixelAccuracy, 1e-6);
        Assert.Equal(0.1, kept.Errors().Ids.Count(id => id == 1) / (640.0 * 320), 0.01);
    }

    [Fact]
    public void Run_ManyImages_HoldsNoneOfThem()
    {
        FakeScenes data = new(300, 64, 48);
        EvaluationSamples samples = new(data);
        int most = 0;
        using FakeSegmenter segmenter = new(i => s_wrong[i % 10]);
        EvaluationResult result = Evaluator.Run(
            new TestTimeSegmenter(segmenter, new TestOptions()),
            data,
            (index, sample, prediction) =>
            {
                samples.Take(index, sample, prediction);
                if (index % 100 == 99)
                {
                    most = Math.Max(most, data.Alive);
                }
            },
            default);

        // The one at hand, and the one that is read ahead: each is watched twice, as a sample and as its pixels.
        Assert.InRange(most, 0, 4);
        Assert.Equal(300 * 64 * 48, result.Confusion.Pixels);
        Assert.Equal((4, 3, 4), (samples.Worst.Count, samples.Best.Count, samples.Spread.Count));
    }

    [Fact]
    public void SampleFiles_WrittenAndRead_AreTheSame()
    {
        using TemporaryFolder folder = new();
        FakeScenes data = new(9);
        IReadOnlyList<SamplePictures> written = SampleFiles.Encode(Evaluate(data), data.Classes);
        SampleFiles.Write(folder.File("samples"), written);
        IReadOnlyList<SamplePictures> read = SampleFiles.Read(folder.File("samples"));
        Assert.Equal(11, read.Count);
        for (int i = 0; i < read.Count; i++)
        {
            Assert.Equal((written[i].Name, written[i].Kind), (read[i].Name, read[i].Kind));
            Assert.Equal(written[i].MeanIoU, read[i].MeanIoU, 1e-6);
            Assert.Equal(written[i].Image, read[i].Image);
            Assert.Equal(written[i].Truth, read[i].Truth);
            Assert.Equal(written[i].Prediction, read[i].Prediction);
            Assert.Equal(written[i].Errors, read[i].Errors);
            Assert.Equal(written[i].Classes.Select(c => c.Id), read[i].Classes.Select(c => c.Id));
        }

        // A later evaluation of fewer images: what is left of the earlier one is not shown.
        SampleFiles.Write(folder.File("samples"), [.. written.Take(2)]);
        Assert.Equal(2, SampleFiles.Read(folder.File("samples")).Count);
    }

    [Fact]
    public void SampleFiles_IndexThatPointsOutside_IsNotFollowed()
    {
        using TemporaryFolder folder = new();
        FakeScenes data = new(2);
        SampleFiles.Write(folder.File("samples"), SampleFiles.Encode(Evaluate(data), data.Classes));
        string index = folder.File("samples", SampleFiles.IndexName);
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"worst_1\"", "\"../samples/worst_1\"", StringComparison.Ordinal));
        Assert.DoesNotContain(SampleFiles.Read(folder.File("samples")), sample => sample.Kind == SampleKind.Worst);
    }

    private static EvaluationSamples Evaluate(FakeScenes data)
    {
        EvaluationSamples samples = new(data);
        using FakeSegmenter segmenter = new(i => s_wrong[i % 10]);
        Evaluator.Run(new TestTimeSegmenter(segmenter, new TestOptions()), data, samples.Take, default);
        return samples;
    }
}
