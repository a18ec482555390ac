using System.Runtime.Intrinsics;

namespace SegNeXt.Data.Tests;

/// <summary>The wide paths against the plain definitions, at every length around their blocks.</summary>
public class PixelBlockTests
{
    [Fact]
    public void LoadAndStore_AnyBlock_SeparateTheChannelsAndJoinThem()
    {
        byte[] rgb = [.. Enumerable.Range(0, PixelBlock.Bytes).Select(i => (byte)(i * 5 + 1))];
        PixelBlock.Load(rgb, out Vector128<byte> r, out Vector128<byte> g, out Vector128<byte> b);
        for (int i = 0; i < PixelBlock.Pixels; i++)
        {
            Assert.Equal((rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]), (r[i], g[i], b[i]));
        }

        byte[] back = new byte[PixelBlock.Bytes];
        PixelBlock.Store(r, g, b, back);
        Assert.Equal(rgb, back);
    }

    [Fact]
    public void Map_EveryLength_LooksEachValueUp()
    {
        byte[] table = [.. Enumerable.Range(0, 256).Select(i => (byte)((i * 91) + 17))];
        for (int length = 0; length <= 200; length++)
        {
            byte[] values = Bytes(length, (ulong)length);
            byte[] expected = [.. values.Select(v => table[v])];
            ByteTable.Map(values, table);
            Assert.Equal(expected, values);
        }

        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        ByteTable.Map(all, table);
        Assert.Equal(table, all);
    }

    [Fact]
    public void HueSaturation_EveryLength_TreatsEachPixelAlike()
    {
        byte[] table = new byte[256];
        ByteTable.Identity(table);
        for (int pixels = 0; pixels <= 50; pixels++)
        {
            byte[] whole = Bytes(3 * pixels, (ulong)pixels);
            byte[] one = [.. whole];
            HueSaturation.Apply(whole, 1.3f, -7, table);
            for (int p = 0; p < pixels; p++)
            {
                // A single pixel takes the plain way.
                HueSaturation.Apply(one.AsSpan(3 * p, 3), 1.3f, -7, table);
            }

            Assert.Equal(one, whole);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Normalize_EveryLength_IsTheFormula(bool mirror)
    {
        AugmentationOptions options = new();
        Normalize normalize = new(options.Mean, options.Std);
        for (int pixels = 0; pixels <= 50; pixels++)
        {
            byte[] rgb = Bytes(3 * pixels, (ulong)pixels);
            float[][] planes = [new float[pixels], new float[pixels], new float[pixels]];
            normalize.ApplyRow(rgb, planes[0], planes[1], planes[2], mirror);
            for (int x = 0; x < pixels; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    float expected = (rgb[(3 * (mirror ? pixels - 1 - x : x)) + c] - (float)options.Mean[c]) / (float)options.Std[c];
                    Assert.Equal(expected, planes[c][x]);
                }
            }
        }
    }

    private static byte[] Bytes(int length, ulong seed)
    {
        SampleRandom random = new(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.NextInt(0, 256);
        }

        return bytes;
    }
}
