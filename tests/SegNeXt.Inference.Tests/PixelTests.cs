using SegNeXt.Core;
using SegNeXt.Kernels;
using SegNeXt.TestUtilities;

namespace SegNeXt.Inference.Tests;

public sealed class PixelTests
{
    private static readonly string s_model = TestPaths.RequireGolden("tiny.safetensors");

    public static TheoryData<InstructionLevel, int, int> LevelsAndSizes
    {
        get
        {
            TheoryData<InstructionLevel, int, int> data = [];
            foreach (InstructionLevel level in InstructionLevels.Available)
            {
                foreach ((int height, int width) in new[] { (1, 1), (2, 9), (64, 64), (97, 131), (40, 260) })
                {
                    data.Add(level, height, width);
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(LevelsAndSizes))]
    public void Segment_AnySize_EqualsArgMaxOfResizedScores(InstructionLevel level, int height, int width)
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2, level);
        RgbImage picture = Picture(height, width);
        LabelMap expected = LogitResize.ArgMax(segmenter.Forward(picture), height, width);
        Assert.Equal(expected.Ids, segmenter.Segment(picture).Ids);
    }

    [SkippableTheory]
    [MemberData(nameof(LevelsAndSizes))]
    public void Logits_AnySize_EqualResizedScores(InstructionLevel level, int height, int width)
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2, level);
        RgbImage picture = Picture(height, width);
        float[] expected = LogitResize.Bilinear(segmenter.Forward(picture), height, width).Values;
        float[] actual = new float[expected.Length];
        segmenter.Logits(new PixelView(picture.Pixels, width, height), actual);
        Assert.Equal(expected, actual);
    }

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(97, 131)]
    [InlineData(64, 300)]
    public void Forward_IntoMemory_GivesTheSameScores(int height, int width)
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        RgbImage picture = Picture(height, width);
        PixelView view = new(picture.Pixels, width, height);
        float[] expected = segmenter.Forward(picture).Values, actual = new float[expected.Length + 1];
        actual[^1] = 7;
        segmenter.Forward(view, actual);
        Assert.Equal([.. expected, 7f], actual);
        Assert.Throws<ArgumentException>(() => segmenter.Forward(new PixelView(picture.Pixels, width, height), new float[expected.Length - 1]));
    }

    [SkippableFact]
    public void Probabilities_Picture_AreSoftmaxOfLogits()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        RgbImage picture = Picture(70, 90);
        int classes = segmenter.Config.NumClasses, pixels = 70 * 90;
        float[] logits = new float[classes * pixels], probabilities = new float[classes * pixels];
        segmenter.Logits(new PixelView(picture.Pixels, 90, 70), logits);
        segmenter.Probabilities(new PixelView(picture.Pixels, 90, 70), probabilities);
        for (int p = 0; p < pixels; p += 7)
        {
            double sum = Enumerable.Range(0, classes).Sum(k => Math.Exp(logits[(k * pixels) + p]));
            for (int k = 0; k < classes; k++)
            {
                Assert.Equal(Math.Exp(logits[(k * pixels) + p]) / sum, probabilities[(k * pixels) + p], 1e-5);
            }
        }
    }

    [SkippableTheory]
    [InlineData(PixelFormat.Rgb, 0)]
    [InlineData(PixelFormat.Rgb, 400)]
    [InlineData(PixelFormat.Bgr, 0)]
    [InlineData(PixelFormat.Bgr, 301)]
    [InlineData(PixelFormat.Rgba, 0)]
    [InlineData(PixelFormat.Rgba, 513)]
    [InlineData(PixelFormat.Bgra, 0)]
    public void Segment_EveryFormatAndStride_IsTheSamePicture(PixelFormat format, int stride)
    {
        const int Width = 100, Height = 61;
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        RgbImage picture = Picture(Height, Width);
        int size = format is PixelFormat.Rgb or PixelFormat.Bgr ? 3 : 4, step = stride == 0 ? size * Width : stride;
        bool reversed = format is PixelFormat.Bgr or PixelFormat.Bgra;

        // No byte beyond the last pixel: reading there would be a fault of ours.
        byte[] bytes = new byte[((Height - 1) * step) + (size * Width)];
        Array.Fill(bytes, (byte)200);
        for (int i = 0; i < Width * Height; i++)
        {
            int at = (i / Width * step) + (i % Width * size);
            for (int c = 0; c < 3; c++)
            {
                bytes[at + (reversed ? 2 - c : c)] = picture.Pixels[(3 * i) + c];
            }
        }

        byte[] ids = new byte[Width * Height];
        segmenter.Segment(new PixelView(bytes, Width, Height, format, stride), ids);
        Assert.Equal(segmenter.Segment(picture).Ids, ids);
    }

    [SkippableFact]
    public void Segment_OnceWarm_AllocatesNothing()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 1);
        RgbImage picture = Picture(96, 128);
        byte[] ids = new byte[96 * 128];
        for (int i = 0; i < 3; i++)
        {
            segmenter.Segment(new PixelView(picture.Pixels, 128, 96), ids);
        }

        // What a call allocates it allocates each time; the runtime may do something of its own now and then.
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            segmenter.Segment(new PixelView(picture.Pixels, 128, 96), ids);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [SkippableFact]
    public void Segment_ManyCallersWithManySizes_AllGetTheirs()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        RgbImage[] pictures = [Picture(40, 60), Picture(90, 30), Picture(33, 65), Picture(64, 64)];
        byte[][] expected = [.. segmenter.Segment(pictures).Select(map => map.Ids)];
        Parallel.For(0, 24, i => Assert.Equal(expected[i % 4], segmenter.Segment(pictures[i % 4]).Ids));
    }

    [SkippableFact]
    public void Segment_Cancelled_ThrowsAndGoesOnAfterwards()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        RgbImage picture = Picture(64, 64);
        byte[] ids = new byte[64 * 64];
        Array.Fill(ids, (byte)77);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => segmenter.Segment(new PixelView(picture.Pixels, 64, 64), ids, source.Token));
        Assert.All(ids, id => Assert.Equal(77, id));
        segmenter.Segment(new PixelView(picture.Pixels, 64, 64), ids);
        Assert.Equal(segmenter.Segment(picture).Ids, ids);
    }

    [SkippableFact]
    public void Segment_TooLittleRoom_IsRefused()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 1);
        byte[] pixels = new byte[3 * 64];
        Assert.Throws<ArgumentException>(() => segmenter.Segment(new PixelView(pixels, 8, 8), new byte[63]));
        Assert.Throws<ArgumentException>(() => segmenter.Logits(new PixelView(pixels, 8, 8), new float[64]));
        Assert.Throws<ArgumentException>(() => new PixelView(pixels, 8, 9));
        Assert.Throws<ArgumentException>(() => new PixelView(pixels, 8, 8, PixelFormat.Rgba));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelView(pixels, 8, 8, stride: 23));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelView(pixels, 0, 8));
    }

    [SkippableFact]
    public void WorkingMemoryFor_LargerPictures_GrowsWithTheirArea()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        double small = segmenter.WorkingMemoryFor(256, 256), large = segmenter.WorkingMemoryFor(1024, 1024);
        Assert.InRange(large / small, 8, 18);
    }

    [SkippableFact]
    public void Prepare_PicturesOfThatSize_FindTheirPlan()
    {
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        segmenter.Prepare(60, 40);
        NetworkPlan plan = segmenter.PlanFor(40, 60);
        RgbImage picture = Picture(40, 60);
        byte[] ids = segmenter.Segment(picture).Ids;
        Assert.Same(plan, segmenter.PlanFor(40, 60));
        using ManagedSegmenter other = ManagedSegmenter.Open(s_model, 2);
        Assert.Equal(other.Segment(picture).Ids, ids);
        Assert.Throws<ArgumentOutOfRangeException>(() => segmenter.Prepare(0, 40));
    }

    [SkippableFact]
    public void Dispose_CallAfterwards_IsRefused()
    {
        ManagedSegmenter segmenter = ManagedSegmenter.Open(s_model, 2);
        segmenter.Dispose();
        segmenter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(Picture(8, 8)));
    }

    private static RgbImage Picture(int height, int width)
    {
        RgbImage picture = new(width, height);
        new Random(height + width).NextBytes(picture.Pixels);
        return picture;
    }
}
