using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>Shows what a classifier's run trains on: the samples come from the run's own loader and mixing, in its order.</summary>
public static class ClassificationPreview
{
    private const int RowsOfASheet = 6;
    private const int Cell = 200;

    /// <summary>Draws the first samples of a run as sheets of pictures, and a page that shows them.</summary>
    /// <param name="folder">Where they go; made if need be.</param>
    /// <param name="config">The run's configuration; its seed decides order and draws.</param>
    /// <param name="count">Samples to show.</param>
    /// <param name="draws">Draws of augmentation a sample, at least 1; the first is the run's.</param>
    /// <param name="progress">Called after each sample; may be null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InputException">The data cannot be used, or the folder cannot be written.</exception>
    public static string Write(string folder, RunConfig config, int count, int draws, Action? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        OutputFolder.Create(folder);
        ClassificationTask task = ClassificationTask.Open(config, SilentProgress.Instance, Ranks.Alone);
        bool mixes = config.Pretrain!.Mixup > 0 || config.Pretrain.Cutmix > 0;
        string[] titles = ["original", "as the run's sample", .. Enumerable.Repeat("another draw", draws - 1), .. mixes ? ["mixed"] : Array.Empty<string>()];
        List<IReadOnlyList<RgbImage?>> rows = [];
        List<string> captions = [];
        List<string> sheets = [];
        foreach ((IReadOnlyList<RgbImage?> row, string caption) in Rows(task, count, draws, mixes, cancellation))
        {
            rows.Add(row);
            captions.Add(caption);
            progress?.Invoke();
            if (rows.Count == RowsOfASheet)
            {
                Flush();
            }
        }

        if (rows.Count > 0)
        {
            Flush();
        }

        return Page(folder, task, sheets, Math.Min(count, task.TrainCount));

        void Flush()
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"samples-{sheets.Count + 1:000}.png");
            PngWriter.WriteRgb(Path.Combine(folder, file), PictureGrid.Draw(rows, titles, captions, Cell));
            sheets.Add(file);
            rows.Clear();
            captions.Clear();
        }
    }

    private static IEnumerable<(IReadOnlyList<RgbImage?> Row, string Caption)> Rows(ClassificationTask task, int count, int draws, bool mixes, CancellationToken cancellation)
    {
        ClassificationTransform transform = new(task.Config.Pretrain!.ToAugmentation(task.Model, task.Config.Train.Flip));
        using DataLoader loader = task.Loader(new TrainingState(0, double.NaN, 0), SilentProgress.Instance, cancellation);
        int shown = 0;
        while (shown < count)
        {
            Batch batch = loader.Next(cancellation);
            float[] before = [.. batch.Images];
            double share = task.Mix(batch);
            for (int item = 0; item < batch.Count && shown < count; item++, shown++)
            {
                RgbImage original = task.Load(batch.Indices[item]);
                List<RgbImage?> row = [original, Picture(before, batch, item, task.Model)];
                for (int draw = 1; draw < draws; draw++)
                {
                    float[] planes = new float[3 * batch.Height * batch.Width];
                    SampleRandom random = new(Seeds.For(task.Config.Seed, $"preview {draw}", batch.Positions[item]));
                    transform.Apply(original, batch.Height, batch.Width, ref random, planes);
                    row.Add(Denormalise(planes, batch.Height, batch.Width, task.Model));
                }

                string caption = task.ClassOf(batch.Indices[item]);
                if (mixes)
                {
                    row.Add(Picture(batch.Images, batch, item, task.Model));
                    string partner = task.ClassOf(batch.Indices[batch.Count - 1 - item]);
                    caption += share < 1 ? string.Create(CultureInfo.InvariantCulture, $" {100 * share:0} %, {partner} {100 * (1 - share):0} %") : ", not mixed";
                }

                yield return (row, $"{Path.GetFileName(task.FileOf(batch.Indices[item]))}: {caption}");
            }

            loader.Return(batch);
        }
    }

    private static string Page(string folder, ClassificationTask task, List<string> sheets, int count)
    {
        Html page = new();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>What pretraining sees</title>\n");
        page.Raw("<style>body{font:15px/1.5 system-ui,sans-serif;margin:24px;color:#1f2328;background:#eef1f4}img{display:block;max-width:100%;margin:0 0 22px;border-radius:10px}</style>\n</head>\n<body>\n");
        page.Add($"<h1>What pretraining sees</h1>\n<p>{task.Config.Data.Root}, split {task.Config.Data.TrainSplit}: {count} of {task.TrainCount} pictures of {task.Model.NumClasses} classes, in the order of the run, seed {task.Config.Seed}.</p>\n");
        foreach (string sheet in sheets)
        {
            page.Add($"<img src=\"{sheet}\" alt=\"originals and what augmentation makes of them\">\n");
        }

        page.Raw("</body>\n</html>\n");
        string path = Path.Combine(folder, PreviewPage.FileName);
        AtomicFile.WriteText(path, page.ToString());
        return path;
    }

    private static RgbImage Picture(float[] images, Batch batch, int item, ModelConfig model)
    {
        int size = 3 * batch.Height * batch.Width;
        return Denormalise(images.AsSpan(item * size, size), batch.Height, batch.Width, model);
    }

    /// <summary>Planes of <c>(v − mean)/std</c> back to bytes, which is exact but for rounding that the bytes hide.</summary>
    internal static RgbImage Denormalise(ReadOnlySpan<float> planes, int height, int width, ModelConfig model)
    {
        RgbImage image = new(width, height);
        int plane = height * width;
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double value = (planes[(channel * plane) + i] * model.Std[channel]) + model.Mean[channel];
                image.Pixels[(3 * i) + channel] = (byte)Math.Clamp(Math.Round(value), 0, 255);
            }
        }

        return image;
    }
}
