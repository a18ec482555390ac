using System.Text;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class TensorBoardWriterTests : IDisposable
{
    // The smallest PNG: one grey pixel.
    private static readonly byte[] s_png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MaskedCrc_PublishedCheckValue_IsMet()
    {
        // RFC 3720, B.4: CRC-32C of "123456789" is 0xe3069283; 32 zero bytes give 0x8a9136aa.
        Assert.Equal(0xe3069283u, EventFileReader.Crc32C("123456789"u8));
        Assert.Equal(Mask(0xe3069283u), TensorBoardWriter.MaskedCrc("123456789"u8));
        Assert.Equal(Mask(0x8a9136aau), TensorBoardWriter.MaskedCrc(new byte[32]));
    }

    [Fact]
    public void MaskedCrc_EveryLength_EqualsTheBitwiseDefinition()
    {
        byte[] data = new byte[257];
        new Random(1).NextBytes(data);
        for (int length = 0; length <= data.Length; length++)
        {
            Assert.Equal(Mask(EventFileReader.Crc32C(data.AsSpan(0, length))), TensorBoardWriter.MaskedCrc(data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Write_ScalarsAndPictures_AreReadByAnIndependentReader()
    {
        string path;
        using (TensorBoardWriter writer = new(_folder.Path))
        {
            path = writer.Path;
            writer.AddScalar("train/loss", 1, 2.5);
            writer.AddScalar("train/loss", 300, double.NaN);
            writer.AddScalar("straße", long.MaxValue, -1e-30);
            writer.AddImage("val/picture", 128, s_png);
            writer.MarkRestart(50);
            writer.AddText("config", 7, "```yaml\nä: 1\n```");
        }

        List<EventFileReader.Event> events = EventFileReader.Read(path);
        Assert.Equal(7, events.Count);
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(("train/loss", 1L, 2.5f), (events[1].Tag, events[1].Step, events[1].Scalar));
        Assert.Equal((300L, float.NaN), (events[2].Step, events[2].Scalar));
        Assert.Equal(("straße", long.MaxValue, -1e-30f), (events[3].Tag, events[3].Step, events[3].Scalar));
        Assert.Equal((1, 1, 1), (events[4].Image!.Height, events[4].Image!.Width, events[4].Image!.Channels));
        Assert.Equal(s_png, events[4].Image!.Png);
        Assert.Equal((50L, 1), (events[5].Step, events[5].SessionStatus));
        Assert.Equal(("config", 7L, "text", "```yaml\nä: 1\n```"), (events[6].Tag, events[6].Step, events[6].Plugin, events[6].Text));
        double now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Assert.All(events, e => Assert.InRange(e.WallTime, now - 600, now + 1));
    }

    [Fact]
    public void Write_LargePicture_KeepsItsBytes()
    {
        byte[] png = [.. s_png, .. new byte[300_000]];
        using TensorBoardWriter writer = new(_folder.Path);
        writer.AddImage("a", 1, png);
        Assert.Equal(png, EventFileReader.Read(writer.Path)[1].Image!.Png);
    }

    [Fact]
    public void File_CutAtAnyByte_KeepsTheWholeEvents()
    {
        byte[] whole;
        using (TensorBoardWriter writer = new(_folder.Path))
        {
            writer.AddScalar("a", 1, 1);
            writer.AddScalar("a", 2, 2);
            whole = File.ReadAllBytes(writer.Path);
        }

        int seen = 0;
        string cut = _folder.File("cut");
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(cut, whole[..length]);
            int count = EventFileReader.Read(cut).Count;
            Assert.InRange(count, seen, seen + 1);
            seen = count;
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public void Open_TwiceInASecond_WritesTwoFiles()
    {
        using TensorBoardWriter first = new(_folder.Path);
        using TensorBoardWriter second = new(_folder.Path);
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.All(Directory.GetFiles(_folder.Path), path => Assert.Matches(@"^events\.out\.tfevents\.\d{10}\.[\w.-]+$", Path.GetFileName(path)));
    }

    [Fact]
    public void AddImage_NotAPng_Throws()
    {
        using TensorBoardWriter writer = new(_folder.Path);
        Assert.Throws<ArgumentException>(() => writer.AddImage("a", 1, Encoding.ASCII.GetBytes("GIF89a, certainly no PNG file")));
        Assert.Throws<ArgumentException>(() => writer.AddImage("a", 1, []));
        Assert.Single(EventFileReader.Read(writer.Path));
    }

    [Fact]
    public void Open_WithoutTheFolder_IsOneSentence()
    {
        string folder = _folder.File("none");
        Assert.Contains(": its folder does not exist.", Assert.Throws<InputException>(() => new TensorBoardWriter(folder)).Message, StringComparison.Ordinal);
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}
