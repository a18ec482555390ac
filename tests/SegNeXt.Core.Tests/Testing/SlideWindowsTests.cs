using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Testing;

public class SlideWindowsTests
{
    [SkippableFact]
    public void Place_GoldenPicture_CoversEachPixelAsOftenAsStored()
    {
        GoldenArrays golden = GoldenArrays.Require("inference_tiny.safetensors");
        Assert.Equal(golden.Bytes("slide_150x110_crop64_stride43.count"), Cover(150, 110, Options(64, 64, 43, 43)));
    }

    // The paper's test on Cityscapes: 1024² windows, stride 768², on 2048×1024.
    [Fact]
    public void Place_Cityscapes_IsThreeWindows() => Assert.Equal(
        [new SlideWindow(0, 0, 1024, 1024), new SlideWindow(768, 0, 1024, 1024), new SlideWindow(1024, 0, 1024, 1024)],
        SlideWindows.Place(2048, 1024, new TestOptions { Mode = TestMode.Slide }));

    [Fact]
    public void Place_PictureSmallerThanTheWindow_IsThePicture()
    {
        Assert.Equal([new SlideWindow(0, 0, 30, 20)], SlideWindows.Place(30, 20, Options(64, 64, 43, 43)));
        Assert.Equal([new SlideWindow(0, 0, 64, 20), new SlideWindow(36, 0, 64, 20)], SlideWindows.Place(100, 20, Options(64, 64, 43, 43)));
    }

    [Fact]
    public void Place_AnySizes_CoversEveryPixelByFullWindows()
    {
        Random random = new(11);
        for (int run = 0; run < 200; run++)
        {
            int width = random.Next(1, 90);
            int height = random.Next(1, 90);
            TestOptions options = Options(random.Next(1, 50), random.Next(1, 50), 0, 0);
            options = options with { StrideHeight = random.Next(1, options.CropHeight + 1), StrideWidth = random.Next(1, options.CropWidth + 1) };
            Assert.DoesNotContain((byte)0, Cover(width, height, options));
            IReadOnlyList<SlideWindow> windows = SlideWindows.Place(width, height, options);
            Assert.Equal(windows.Count, windows.Distinct().Count());
            Assert.All(windows, window =>
            {
                Assert.Equal((Math.Min(options.CropWidth, width), Math.Min(options.CropHeight, height)), (window.Width, window.Height));
                Assert.InRange(window.X, 0, width - window.Width);
                Assert.InRange(window.Y, 0, height - window.Height);
            });
        }
    }

    private static TestOptions Options(int cropHeight, int cropWidth, int strideHeight, int strideWidth) => new()
    {
        Mode = TestMode.Slide,
        CropHeight = cropHeight,
        CropWidth = cropWidth,
        StrideHeight = strideHeight,
        StrideWidth = strideWidth,
    };

    private static byte[] Cover(int width, int height, TestOptions options)
    {
        int[] counts = new int[width * height];
        foreach (SlideWindow window in SlideWindows.Place(width, height, options))
        {
            for (int y = window.Y; y < window.Y + window.Height; y++)
            {
                for (int x = window.X; x < window.X + window.Width; x++)
                {
                    counts[(y * width) + x]++;
                }
            }
        }

        return [.. counts.Select(count => (byte)Math.Min(count, 255))];
    }
}
