using System.Globalization;
using System.Security.Cryptography;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>The shared collection of difficult and damaged files, judged by its own table.</summary>
public class BadImagesTests
{
    private const double JpegMeanTolerance = 2;

    [SkippableFact]
    public void ReadRgb_FilesOfTheTable_AreReadOrRefusedAsItSays()
    {
        List<string> faults = [];
        foreach (Row row in Rows().Where(row => !row.File.StartsWith("pairs/labels", StringComparison.Ordinal)))
        {
            string path = TestPaths.RequireShared("data", "bad-images", row.File);
            try
            {
                RgbImage image = ImageFile.ReadRgb(path);
                if (row.Verdict == "bad")
                {
                    faults.Add($"{row.File} was read");
                }

                faults.AddRange(Compare(row, path, image).Select(fault => $"{row.File}: {fault}"));
            }
            catch (InputException e)
            {
                if (row.Verdict == "valid")
                {
                    faults.Add($"{row.File} was refused: {e.Message}");
                }

                if (!e.Message.StartsWith(path, StringComparison.Ordinal) || !e.Message.EndsWith('.') || e.Message.Contains('\n', StringComparison.Ordinal))
                {
                    faults.Add($"{row.File}: not one sentence that names it: {e.Message}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [SkippableTheory]
    [InlineData("jpeg/trunc-50pct.jpg", "incomplete")]
    [InlineData("jpeg/trunc-in-header.jpg", "incomplete")]
    [InlineData("jpeg/dims-height-x4.jpg", "120×352")]
    [InlineData("jpeg/zero-byte.jpg", "is empty")]
    [InlineData("jpeg/text.jpg", "is a text file")]
    [InlineData("png/bad-idat-crc.png", "damaged")]
    [InlineData("png/bad-zlib-data.png", "damaged")]
    [InlineData("png/trunc-50pct.png", "incomplete")]
    [InlineData("png/bomb-header-60000x60000.png", "60000×60000")]
    [InlineData("misnamed/bmp.jpg", "is a BMP picture; JPEG and PNG are read.")]
    public void ReadRgb_BadFile_SaysWhatIsWrong(string file, string words)
    {
        string path = TestPaths.RequireShared("data", "bad-images", file);

        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(path));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ReadRgb_Orientations_PutTheSameColoursInTheCorners()
    {
        foreach (int orientation in (int[])[1, 3, 6])
        {
            RgbImage image = ImageFile.ReadRgb(TestPaths.RequireShared("data", "bad-images", "exif", $"orientation-{orientation}.jpg"));

            Assert.Equal((72, 40), (image.Width, image.Height));
            Assert.Equal(["red", "green", "yellow", "blue"], [Corner(image, 3, 3), Corner(image, 68, 3), Corner(image, 68, 36), Corner(image, 3, 36)]);
        }
    }

    [SkippableFact]
    public void ReadSize_EveryReadableFile_AgreesWithThePicture()
    {
        foreach (Row row in Rows().Where(row => row.Verdict == "valid"))
        {
            string path = TestPaths.RequireShared("data", "bad-images", row.File);
            RgbImage image = ImageFile.ReadRgb(path);

            Assert.Equal((image.Width, image.Height), ImageFile.ReadSize(path));
        }
    }

    private static IEnumerable<string> Compare(Row row, string path, RgbImage image)
    {
        bool exif = row.File.StartsWith("exif/", StringComparison.Ordinal);
        if (!exif && (image.Width, image.Height) != (row.Width, row.Height))
        {
            yield return $"{image.Width}×{image.Height} instead of {row.Width}×{row.Height}";
        }

        if (row.Hash.Length > 0)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..row.Hash.Length];
            if (hash != row.Hash)
            {
                yield return $"raster hash {hash} instead of {row.Hash}";
            }
        }

        for (int c = 0; c < 3 && row.Mean.Length == 3; c++)
        {
            double mean = Enumerable.Range(0, image.Width * image.Height).Average(i => image.Pixels[i * 3 + c]);
            if (Math.Abs(mean - row.Mean[c]) > JpegMeanTolerance)
            {
                yield return $"mean of channel {c} is {mean:f1} instead of {row.Mean[c]}";
            }
        }
    }

    private static string Corner(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> p = image.Pixels.AsSpan((y * image.Width + x) * 3, 3);
        return (p[0] > 128, p[1] > 128, p[2] > 128) switch
        {
            (true, false, false) => "red",
            (false, true, false) => "green",
            (true, true, false) => "yellow",
            (false, false, true) => "blue",
            _ => $"({p[0]}, {p[1]}, {p[2]})",
        };
    }

    private static IEnumerable<Row> Rows() => File.ReadLines(TestPaths.RequireShared("data", "bad-images", "expected.tsv"))
        .Skip(1)
        .Select(line => line.Split('\t'))
        .Select(f => new Row(
            f[0],
            f[1],
            int.Parse(f[2], CultureInfo.InvariantCulture),
            int.Parse(f[3], CultureInfo.InvariantCulture),
            [.. f[5].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture))],
            f[6]));

    private sealed record Row(string File, string Verdict, int Width, int Height, double[] Mean, string Hash);
}
