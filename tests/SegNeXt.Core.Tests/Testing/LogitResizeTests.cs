using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Testing;

public class LogitResizeTests
{
    [SkippableTheory]
    [InlineData("resize_5x7_to_9x13", 9, 13)]
    [InlineData("resize_4x6_to_24x36", 24, 36)]
    [InlineData("resize_12x9_to_5x4", 5, 4)]
    [InlineData("resize_1x1_to_3x4", 3, 4)]
    [InlineData("resize_3x2_to_6x4", 6, 4)]
    public void Bilinear_GoldenCase_IsPyTorchs(string name, int height, int width)
    {
        GoldenArrays golden = GoldenArrays.Require("modules.safetensors");
        int[] shape = golden.Shape($"{name}.x");
        LogitMap map = new(shape[1], shape[2], shape[3], golden.Floats($"{name}.x"));
        AssertClose(golden.Floats($"{name}.out"), LogitResize.Bilinear(map, height, width).Values, 3e-6f);
    }

    // Positions are float32 as in PyTorch: near 90 they are exact to 4e-6, times differences of up to 10 between neighbours.
    [Theory]
    [InlineData(1, 1, 1, 5, 7)]
    [InlineData(3, 9, 12, 70, 95)]
    [InlineData(2, 70, 95, 9, 12)]
    [InlineData(5, 13, 17, 13, 140)]
    [InlineData(5, 40, 17, 41, 17)]
    [InlineData(4, 11, 19, 65, 8)]
    public void Bilinear_AnySizes_IsTheDefinition(int classes, int height, int width, int newHeight, int newWidth)
    {
        LogitMap map = Random(classes, height, width);
        LogitMap result = LogitResize.Bilinear(map, newHeight, newWidth);
        AssertClose(Reference(map, newHeight, newWidth), result.Values, 1e-4f);
        Assert.Equal(result.Values, LogitResize.Bilinear(map, newHeight, newWidth, threads: 1).Values);
    }

    [Fact]
    public void Bilinear_SameSize_IsTheMapItself()
    {
        LogitMap map = Random(2, 3, 4);
        Assert.Same(map, LogitResize.Bilinear(map, 3, 4));
    }

    [Fact]
    public void Bilinear_TooLarge_IsOneSentence() =>
        Assert.Contains("40000×40000", Assert.Throws<InputException>(() => LogitResize.Bilinear(Random(3, 2, 2), 40000, 40000)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 4, 4, 30, 30)]
    [InlineData(7, 12, 15, 90, 117)]
    [InlineData(7, 90, 117, 12, 15)]
    [InlineData(256, 5, 6, 33, 41)]
    [InlineData(9, 20, 21, 20, 21)]
    public void ArgMax_AnySizes_IsThatOfTheResizedScores(int classes, int height, int width, int newHeight, int newWidth)
    {
        LogitMap map = Random(classes, height, width);
        LogitMap resized = LogitResize.Bilinear(map, newHeight, newWidth);
        LabelMap ids = LogitResize.ArgMax(map, newHeight, newWidth);
        int plane = newHeight * newWidth;
        for (int i = 0; i < plane; i++)
        {
            int best = 0;
            for (int k = 1; k < classes; k++)
            {
                best = resized.Values[(k * plane) + i] > resized.Values[(best * plane) + i] ? k : best;
            }

            Assert.Equal(best, ids.Ids[i]);
        }
    }

    [Fact]
    public void ArgMax_EqualScores_IsTheLowestId() =>
        Assert.All(LogitResize.ArgMax(new LogitMap(5, 2, 2, new float[20]), 19, 23).Ids, id => Assert.Equal(0, id));

    private static LogitMap Random(int classes, int height, int width)
    {
        Random random = new((classes * 31) + height);
        return new LogitMap(classes, height, width, [.. Enumerable.Range(0, classes * height * width).Select(_ => (random.NextSingle() * 10) - 5)]);
    }

    private static float[] Reference(LogitMap map, int height, int width)
    {
        float[] result = new float[map.Classes * height * width];
        for (int i = 0; i < result.Length; i++)
        {
            int k = i / (height * width);
            (int y0, int y1, double fy) = Source(i / width % height, map.Height, height);
            (int x0, int x1, double fx) = Source(i % width, map.Width, width);
            result[i] = (float)(
                ((1 - fy) * (((1 - fx) * At(y0, x0)) + (fx * At(y0, x1))))
                + (fy * (((1 - fx) * At(y1, x0)) + (fx * At(y1, x1)))));

            float At(int y, int x) => map.Values[(((k * map.Height) + y) * map.Width) + x];
        }

        return result;

        static (int First, int Second, double Fraction) Source(int i, int input, int output)
        {
            double position = Math.Max((((i + 0.5) * input) / output) - 0.5, 0);
            int first = Math.Min((int)position, input - 1);
            return (first, Math.Min(first + 1, input - 1), position - first);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (x, y) => MathF.Abs(x - y)).Max(), 0, tolerance);
    }
}
