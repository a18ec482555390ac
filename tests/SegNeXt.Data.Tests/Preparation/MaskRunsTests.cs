using System.Text;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class MaskRunsTests
{
    [Fact]
    public void Paint_KnownText_IsItsMask()
    {
        // The example that goes with the COCO API: 9×10 pixels, four rows of three in the middle and one pixel at the left.
        byte[] expected = new byte[90];
        foreach (int i in (int[])[25, 26, 27, 35, 36, 37, 45, 46, 47, 55, 56, 57, 60])
        {
            expected[i] = 7;
        }

        Assert.Equal(expected, Paint(9, 10, "\"61X13mN000`0\"").Ids);
        Assert.Equal("61X13mN000`0", Pack(expected, 9, 10));
    }

    [Fact]
    public void Paint_List_RunsDownTheColumns() =>
        Assert.Equal<byte>([0, 7, 7, 0], Paint(2, 2, "[1, 2, 1]").Ids);

    [Fact]
    public void Paint_AnyMask_ReadsBackWhatWasPacked()
    {
        Random random = new(1);
        for (int round = 0; round < 300; round++)
        {
            (int height, int width, int sparsity) = (random.Next(1, 60), random.Next(1, 60), random.Next(2, 200));
            byte[] mask = new byte[height * width];
            for (int i = 0; i < mask.Length; i++)
            {
                byte before = i > 0 ? mask[i - 1] : (byte)0;
                mask[i] = random.Next(sparsity) == 0 ? (byte)(7 - before) : before;
            }

            Assert.Equal(mask, Paint(height, width, JsonSerializer.Serialize(Pack(mask, height, width))).Ids);
        }
    }

    [Theory]
    [InlineData("\"~~~\"", "cut short or holds a wrong character")]
    [InlineData("\"0\"", "cover 0 of 4 pixels")]
    [InlineData("\"oo\"", "cut short or holds a wrong character")]
    [InlineData("\"oooooooooo0\"", "cut short or holds a wrong character")]
    [InlineData("[5]", "do not fit into 2×2 pixels")]
    [InlineData("[-1, 5]", "do not fit into 2×2 pixels")]
    [InlineData("[1, 1]", "cover 2 of 4 pixels")]
    [InlineData("{}", "is no run-length mask")]
    public void Paint_Damage_IsAnError(string counts, string part) =>
        Assert.Contains(part, Assert.Throws<InputException>(() => Paint(2, 2, counts)).Message, StringComparison.Ordinal);

    [Fact]
    public void Paint_MaskOfOtherSize_IsAnError()
    {
        using JsonDocument json = JsonDocument.Parse("""{"size": [2, 3], "counts": [6]}""");
        MaskRuns runs = MaskRuns.Parse(json.RootElement, "it");
        Assert.Equal("it has 2×2 pixels, but a mask of it 3×2.", Assert.Throws<InputException>(() => runs.Paint(new LabelMap(2, 2), 1, "it")).Message);
    }

    /// <summary>The compression of <c>maskApi.c</c>, written down anew.</summary>
    internal static string Pack(byte[] mask, int height, int width)
    {
        List<long> counts = [];
        byte current = 0;
        long run = 0;
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                byte value = mask[(y * width) + x] == 0 ? (byte)0 : (byte)1;
                if (value != current)
                {
                    counts.Add(run);
                    (run, current) = (0, value);
                }

                run++;
            }
        }

        counts.Add(run);
        StringBuilder text = new();
        for (int i = 0; i < counts.Count; i++)
        {
            long number = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            bool more = true;
            while (more)
            {
                int bits = (int)(number & 31);
                number >>= 5;
                more = (bits & 16) != 0 ? number != -1 : number != 0;
                text.Append((char)(bits + (more ? 32 : 0) + '0'));
            }
        }

        return text.ToString();
    }

    private static LabelMap Paint(int height, int width, string counts)
    {
        using JsonDocument json = JsonDocument.Parse($$"""{"size": [{{height}}, {{width}}], "counts": {{counts}}}""");
        LabelMap label = new(width, height);
        MaskRuns.Parse(json.RootElement, "it").Paint(label, 7, "it");
        return label;
    }
}
