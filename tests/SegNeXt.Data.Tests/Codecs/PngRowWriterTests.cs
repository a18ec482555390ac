using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class PngRowWriterTests
{
    [Fact]
    public void Write_Colours_ReadBack()
    {
        RgbImage image = TestPictures.Noise(123, 45, seed: 1);
        byte[] file = Encode(target => PngRowWriter.ForRgb(target, 123, 45), image.Pixels, 123 * 3);
        Assert.Equal(image.Pixels, ImageFile.ReadRgb(file, "a.png").Pixels);
    }

    [Fact]
    public void Write_Ids_ReadBackWithAndWithoutPalette()
    {
        LabelMap labels = TestPictures.Blocks(123, 45, 21);
        byte[] grey = Encode(target => PngRowWriter.ForIds(target, 123, 45), labels.Ids, 123);
        Assert.Equal(labels.Ids, ImageFile.ReadLabel(grey, "a.png").Ids);
        byte[] palette = Encode(target => PngRowWriter.ForIds(target, 123, 45, VocColourMap.Colours), labels.Ids, 123);
        Assert.Equal(labels.Ids, ImageFile.ReadLabel(palette, "a.png").Ids);
        Assert.Equal(ImageFile.ReadRgb(PngWriter.EncodeLabel(labels, VocColourMap.Colours), "b.png").Pixels, ImageFile.ReadRgb(palette, "a.png").Pixels);
    }

    [Fact]
    public void Write_StreamThatFails_ThrowsWhatTheStreamThrew()
    {
        using PngRowWriter writer = PngRowWriter.ForRgb(new FullStream(), 1000, 1000);
        IOException error = Assert.Throws<IOException>(() =>
        {
            for (int y = 0; y < 1000; y++)
            {
                writer.Write(TestPictures.Noise(1000, 1, seed: y).Pixels);
            }
        });
        Assert.Equal("full", error.Message);
    }

    [Fact]
    public void Write_RowOfAnotherLength_IsAMistake()
    {
        using MemoryStream stream = new();
        using PngRowWriter writer = PngRowWriter.ForIds(stream, 5, 1);
        Assert.Throws<ArgumentException>(() => writer.Write(new byte[6]));
        writer.Write(new byte[5]);
        Assert.Throws<InvalidOperationException>(() => writer.Write(new byte[5]));
    }

    private static byte[] Encode(Func<Stream, PngRowWriter> open, byte[] rows, int rowBytes)
    {
        using MemoryStream stream = new();
        using PngRowWriter writer = open(stream);
        for (int start = 0; start < rows.Length; start += rowBytes)
        {
            writer.Write(rows.AsSpan(start, rowBytes));
        }

        return stream.ToArray();
    }

    /// <summary>Takes 100 kB.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > 100_000)
            {
                throw new IOException("full");
            }

            base.Write(buffer);
        }
    }
}
