using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Whatever bytes come, the reader gives a picture or an <see cref="InputException"/>, and soon.</summary>
public class ImageFuzzTests
{
    private const int RoundsPerFile = 150;

    /// <summary>Far above what any of these small files takes, on a busy machine too.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void Read_MutatedOwnFiles_NeverFailOtherwise()
    {
        RgbImage picture = TestPictures.Waves(90, 70);
        byte[] jpeg = JpegWriter.Encode(picture, 80);
        PngBuilder interlaced = new() { Width = 30, Height = 20, Depth = 4, ColorType = 3, Interlaced = true, Palette = new byte[48] };
        byte[][] files =
        [
            jpeg,
            ExifBytes.Insert(jpeg, ExifBytes.Tiff(6)),
            PngWriter.EncodeRgb(TestPictures.Noise(20, 20, seed: 1)),
            PngWriter.EncodeLabel(TestPictures.Blocks(60, 40, 7), [0x112233, 0x445566]),
            interlaced.Build((x, y, _) => (x + y) & 15),
        ];
        Random random = new(11);
        foreach (byte[] file in files)
        {
            Mutate(file, random);
        }
    }

    [SkippableFact]
    public void Read_MutatedGoldenFiles_NeverFailOtherwise()
    {
        string[] files = [.. Directory.GetFiles(TestPaths.RequireGolden("images")), .. Directory.GetFiles(TestPaths.RequireGolden("labels"))];
        Random random = new(12);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            Mutate(File.ReadAllBytes(file), random);
        }
    }

    private static void Mutate(byte[] original, Random random)
    {
        for (int round = 0; round < RoundsPerFile; round++)
        {
            byte[] file = Change(original, random);
            Stopwatch clock = Stopwatch.StartNew();
            Try(() => _ = ImageFile.ReadRgb(file, "fuzz"));
            Try(() => _ = ImageFile.ReadLabel(file, "fuzz"));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_patience);
        }
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (InputException e)
        {
            Assert.StartsWith("fuzz ", e.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Change(byte[] original, Random random)
    {
        byte[] file = [.. original];
        switch (random.Next(6))
        {
            case 0:
                return file[..random.Next(file.Length)];
            case 1:
                int at = random.Next(file.Length);
                byte[] inserted = new byte[random.Next(1, 40)];
                random.NextBytes(inserted);
                return [.. file[..at], .. inserted, .. file[at..]];
            case 2:
                int from = random.Next(file.Length);
                return [.. file[..from], .. file[Math.Min(file.Length, from + random.Next(1, 40))..]];
            case 3:
                // The headers, where a byte means most.
                file[random.Next(Math.Min(file.Length, 64))] = (byte)random.Next(256);
                return file;
            case 4:
                file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                return file;
            default:
                for (int i = random.Next(2, 30); i > 0; i--)
                {
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                }

                return file;
        }
    }
}
