using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class RunJournalTests
{
    [Fact]
    public void Resume_AfterAKill_ShowsEachStepOnceInBoth()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder.Path);
        FakeScenes data = new(6);
        Write(run, data, 0, 1, 8);

        // The checkpoint is of iteration 5: what came after it comes again.
        Write(run, data, 5, 6, 10);
        Write(run, data, 10, 11, 12);

        List<EventFileReader.Event> shown = EventFileReader.Merge(folder.Path);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), Steps("train/loss"));
        Assert.Equal([3L, 6L, 9L, 12L], Steps("val/mIoU"));
        Assert.Equal([3L, 6L, 9L, 12L], Steps("val_IoU/sky"));
        Assert.Equal([3L, 6L, 9L, 12L], Steps("val_image_truth_prediction/street/0"));
        Assert.Equal(RunLog.Read(run.Log).Where(entry => !entry.IsEvaluation).Select(entry => (float)entry["loss"]), shown.Where(e => e.Tag == "train/loss").Select(e => e.Scalar!.Value));
        Assert.Equal(3, Directory.GetFiles(folder.Path, "events.*").Length);

        long[] Steps(string tag) => [.. shown.Where(e => e.Tag == tag).Select(e => e.Step)];
    }

    [Fact]
    public void Evaluation_Pictures_AreImageTruthAndPredictionSideBySide()
    {
        using TemporaryFolder folder = new();
        FakeScenes data = new(6);
        File.WriteAllText(folder.File("config.yaml"), "seed: 7\n");
        Write(new RunFolder(folder.Path), data, 0, 1, 3);
        List<EventFileReader.Event> shown = EventFileReader.Merge(folder.Path);
        EventFileReader.Event text = Assert.Single(shown, e => e.Text is not null);
        Assert.Equal(("config", "text", "```yaml\nseed: 7\n```"), (text.Tag, text.Plugin, text.Text));

        EventFileReader.Picture picture = shown.First(e => e.Tag == "val_image_truth_prediction/street/3").Image!;
        RgbImage strip = ImageFile.ReadRgb(picture.Png, "strip");
        Assert.Equal((3 * 40 + 8, 30), (strip.Width, strip.Height));
        Assert.Equal((strip.Width, strip.Height, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal((3, 0, 0), At(0, 0));
        Assert.Equal((0x00, 0x40, 0xC0), At(44, 0));
        Assert.Equal((0x80, 0x40, 0x00), At(44, 29));
        Assert.Equal((0x80, 0x40, 0x00), At(88, 0));
        Assert.Equal((0x00, 0x40, 0xC0), At(88, 10));

        (int, int, int) At(int x, int y)
        {
            int p = ((y * strip.Width) + x) * 3;
            return (strip.Pixels[p], strip.Pixels[p + 1], strip.Pixels[p + 2]);
        }
    }

    /// <summary>Iterations of a run, every third with an evaluation.</summary>
    private static void Write(RunFolder run, FakeScenes data, int done, int first, int last)
    {
        using RunJournal journal = new(run, done, done);
        using FakeSegmenter segmenter = new(_ => 0.1);
        for (int i = first; i <= last; i++)
        {
            journal.Iteration(i, 1.0 / (i + (done * 0.01)), 1e-3, new StepMeter.Reading(5, 0.2, 0.01));
            if (i % 3 == 0)
            {
                EvaluationSamples samples = new(data);
                EvaluationResult result = Evaluator.Run(new TestTimeSegmenter(segmenter, new TestOptions()), data, samples.Take, default);
                journal.Evaluation(i, result);
                journal.Classes(i, "val_IoU", data.Classes.Names, [.. result.Metrics.Classes.Select(figures => figures.IoU)]);
                journal.Samples(i, samples, data.Classes);
            }
        }
    }
}
