using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>A sound data set of three classes, in the plain layout, for tests to break in one place each.</summary>
internal sealed class SickFolder : IDisposable
{
    public const int Train = 24;
    public const int Val = 6;
    public const int Width = 48;
    public const int Height = 36;

    private static readonly (byte[] Image, byte[] Label)[] s_samples =
        [.. Enumerable.Range(0, Train + Val).Select(i => (PngWriter.EncodeRgb(Picture(i)), PngWriter.EncodeLabel(Label(i))))];

    private readonly TemporaryFolder _folder = new();

    public SickFolder()
    {
        File.WriteAllText(Path("classes.txt"), "sky\nroad\ncar\n");
        foreach (string split in new[] { "train", "val" })
        {
            Directory.CreateDirectory(Path("images", split));
            Directory.CreateDirectory(Path("labels", split));
        }

        for (int i = 0; i < Train + Val; i++)
        {
            string split = i < Train ? "train" : "val";
            File.WriteAllBytes(Image(split, $"p{i:d2}"), s_samples[i].Image);
            File.WriteAllBytes(LabelFile(split, $"p{i:d2}"), s_samples[i].Label);
        }
    }

    public string Root => _folder.Path;

    public static IEnumerable<string> Names(string split) =>
        Enumerable.Range(0, Train + Val).Where(i => i < Train == (split == "train")).Select(i => $"p{i:d2}");

    public string Path(params string[] parts) => _folder.File(parts);

    public string Image(string split, string name) => Path("images", split, name + ".png");

    public string LabelFile(string split, string name) => Path("labels", split, name + ".png");

    public void Write(string split, string name, RgbImage image, LabelMap label)
    {
        // Without the flush to the disk that the writers make: tests write thousands of files.
        File.WriteAllBytes(Image(split, name), PngWriter.EncodeRgb(image));
        File.WriteAllBytes(LabelFile(split, name), PngWriter.EncodeLabel(label));
    }

    /// <summary>Coarse cells of random brightness, so that no two pictures look alike.</summary>
    public static RgbImage Picture(int seed, int width = Width, int height = Height)
    {
        SampleRandom random = new((ulong)seed + 100);
        byte[] cells = [.. Enumerable.Range(0, 144).Select(_ => (byte)random.NextInt(0, 256))];
        RgbImage image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int x = i / 3 % width;
            int y = i / 3 / width;
            image.Pixels[i] = cells[(y * 12 / height * 12) + (x * 12 / width)];
        }

        return image;
    }

    /// <summary>Three fields whose borders depend on the number.</summary>
    public static LabelMap Label(int seed, int width = Width, int height = Height)
    {
        LabelMap label = new(width, height);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            label.Ids[i] = (byte)(i / width < 10 + (seed % 7) ? 0 : i % width < 20 + (seed % 5) ? 1 : 2);
        }

        return label;
    }

    /// <summary>Changes all labels, or those of one name.</summary>
    public void ChangeLabels(Func<byte, byte> change, string? only = null, int[]? palette = null)
    {
        foreach (string split in new[] { "train", "val" })
        {
            foreach (string name in Names(split).Where(name => only is null || name == only))
            {
                LabelMap label = ImageFile.ReadLabel(LabelFile(split, name));
                File.WriteAllBytes(LabelFile(split, name), PngWriter.EncodeLabel(new LabelMap(label.Width, label.Height, [.. label.Ids.Select(change)]), palette));
            }
        }
    }

    /// <summary>Replaces a picture by one of another size.</summary>
    public void ChangeImageSize(string split, string name, int width, int height) => PngWriter.WriteRgb(Image(split, name), Picture(1000, width, height));

    /// <summary>Replaces all labels by pictures.</summary>
    public void PaintLabels(Func<byte, int> colour)
    {
        foreach (string split in new[] { "train", "val" })
        {
            foreach (string name in Names(split))
            {
                LabelMap label = ImageFile.ReadLabel(LabelFile(split, name));
                File.WriteAllBytes(LabelFile(split, name), PngWriter.EncodeRgb(new RgbImage(label.Width, label.Height, [.. label.Ids.SelectMany(id => Bytes(colour(id)))])));
            }
        }
    }

    public DoctorReport Examine(DoctorOptions? options = null) => DataSetDoctor.Open(Root, options).Examine();

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(int colour) => [(byte)(colour >> 16), (byte)(colour >> 8), (byte)colour];
}

internal static class DoctorReportExtensions
{
    /// <summary>The one finding of a code.</summary>
    public static Finding Find(this DoctorReport report, string code) =>
        Assert.Single(report.Findings, finding => finding.Code == code);

    /// <summary>Asserts that nothing but this was found to be wrong.</summary>
    public static Finding ShouldOnlyHave(this DoctorReport report, string code, FindingSeverity severity = FindingSeverity.Error)
    {
        Assert.Equal([code], report.Findings.Where(finding => finding.IsProblem || finding.Code == code).Select(finding => finding.Code));
        Finding found = report.Find(code);
        Assert.Equal(severity, found.Severity);
        Assert.NotEmpty(found.Remedy);
        return found;
    }

    /// <summary>Asserts that nothing was found to be wrong, and that this was said.</summary>
    public static Finding ShouldHaveNote(this DoctorReport report, string code)
    {
        Assert.DoesNotContain(report.Findings, finding => finding.IsProblem);
        return report.Find(code);
    }
}
