using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class TrainingPreviewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainingPreviewTests() => SmallDataSet.Write(_folder.File("data"), train: 6, val: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_FirstDraw_IsWhatTheRunsLoaderGives()
    {
        RunConfig config = Config();
        TrainingPreview preview = new(config);
        ISegmentationDataSet data = DataSets.Open(_folder.File("data"), "train");
        ModelConfig model = TrainingData.ModelConfigFor(config, data.Classes);
        using DataLoader loader = TrainingData.Loader(config, data, model);
        Batch batch = loader.Next();
        PreviewSample[] samples = [.. preview.Samples(batch.Count, 2)];
        Normalize normalize = new(model.Mean, model.Std);
        for (int i = 0; i < batch.Count; i++)
        {
            PreviewDraw draw = samples[i].Draws[0];
            Assert.Equal(data.Name(batch.Indices[i]), samples[i].Name);
            int plane = batch.Width * batch.Height;
            Assert.Equal(batch.Labels.AsSpan(i * plane, plane).ToArray(), draw.Label.Ids);

            // Normalised again, the picture is what the network gets, but for the padding, which is 0 there.
            float[] planes = new float[3 * plane];
            normalize.Apply(draw.Image, planes);
            for (int p = 0; p < planes.Length; p++)
            {
                bool padded = p % plane % batch.Width >= draw.Drawn.Window.Width || p % plane / batch.Width >= draw.Drawn.Window.Height;
                Assert.Equal(padded ? 0 : planes[p], batch.Images[(i * 3 * plane) + p]);
            }
        }
    }

    [Fact]
    public void Samples_WhatWasDrawn_IsThatOfThePicture()
    {
        // Without disturbed colours the crop can be made again by the single steps.
        foreach (PreviewSample sample in new TrainingPreview(Config("train.photometric=false")).Samples(6, 3))
        {
            foreach (PreviewDraw draw in sample.Draws)
            {
                AugmentationDraw drawn = draw.Drawn;
                RgbImage resized = ImageResize.Bilinear(sample.Original.Image, drawn.Width, drawn.Height);
                for (int y = 0; y < drawn.Window.Height; y++)
                {
                    for (int x = 0; x < drawn.Window.Width; x++)
                    {
                        int from = drawn.Window.X + (drawn.Mirrored ? drawn.Window.Width - 1 - x : x);
                        int source = (((drawn.Window.Y + y) * drawn.Width) + from) * 3;
                        Assert.Equal(resized.Pixels.AsSpan(source, 3).ToArray(), draw.Image.Pixels.AsSpan(((y * draw.Image.Width) + x) * 3, 3).ToArray());
                    }
                }

                Assert.Null(drawn.Photometric);
            }
        }
    }

    [Fact]
    public void Samples_SameSeed_AreTheSame_AnotherSeed_AreOthers()
    {
        Assert.Equal(Pixels(Config()), Pixels(Config()));
        Assert.NotEqual(Pixels(Config()), Pixels(Config("seed=8")));
        PreviewSample sample = new TrainingPreview(Config()).Samples(1, 3).First();
        Assert.NotEqual(sample.Draws[1].Image.Pixels, sample.Draws[2].Image.Pixels);
    }

    [Fact]
    public void Page_ShowsEverySheet_AndNothingFromElsewhere()
    {
        RunConfig config = Config();
        TrainingPreview preview = new(config);
        PreviewPage page = new(_folder.File("seen", "here"), config, preview.Classes);
        foreach (PreviewSample sample in preview.Samples(2, 2))
        {
            RgbImage sheet = ImageFile.ReadRgb(page.Add(sample));
            Assert.True(sheet.Width > 3 * 240 && sheet.Height > 300);
        }

        string html = File.ReadAllText(page.Write(preview.Count));
        Assert.Contains("src=\"sample-001.png\"", html, StringComparison.Ordinal);
        Assert.Contains("src=\"sample-002.png\"", html, StringComparison.Ordinal);
        Assert.Contains("2 of 6 samples", html, StringComparison.Ordinal);
        Assert.Contains("middle", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Frame_IsThePartOfTheOriginal()
    {
        Sample original = new(new RgbImage(100, 50), new LabelMap(100, 50));
        PixelWindow frame = PreviewText.Frame(original, new AugmentationDraw(200, 100, new PixelWindow(20, 10, 64, 32), false, null));
        Assert.Equal(new PixelWindow(10, 5, 32, 16), frame);
    }

    [Fact]
    public void Lines_SayWhatWasDrawn()
    {
        Sample original = new(new RgbImage(100, 50), new LabelMap(100, 50));
        PhotometricDraw colours = new(-12.4f, 1.25f, true, 0.5f, 9);
        PreviewDraw draw = new(new RgbImage(64, 64), new LabelMap(64, 64), new AugmentationDraw(150, 75, new PixelWindow(3, 0, 64, 60), true, colours));
        Assert.Equal(
            ["resize ×1.50 to 150×75", "crop 64×60 at (3, 0), padded, mirrored", "brightness -12, contrast ×1.25, saturation ×0.50, hue +18°"],
            PreviewText.Lines(original, draw, new TrainSettings()));
    }

    private static byte[] Pixels(RunConfig config) =>
        [.. new TrainingPreview(config).Samples(3, 2).SelectMany(sample => sample.Draws).SelectMany(draw => draw.Image.Pixels.Concat(draw.Label.Ids))];

    private RunConfig Config(params string[] sets) =>
        RunConfig.FromOptions(_folder.File("data"), "t", ["train.crop=48x64", "train.batch=4", "seed=7", .. sets]);
}
