using System.Buffers.Binary;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>What is damage in a JPEG file and what is not, on files changed byte by byte.</summary>
public class JpegFaultTests
{
    private const int Width = 150;
    private const int Height = 120;

    private static readonly byte[] s_jpeg = JpegWriter.Encode(TestPictures.Waves(Width, Height), 85);

    /// <summary>Where the frame header's marker is.</summary>
    private static readonly int s_frame = s_jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);

    /// <summary>Where the first quantisation table's marker is.</summary>
    private static readonly int s_table = s_jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);

    public static TheoryData<string> Harmless => [.. s_harmless.Keys];

    public static TheoryData<string> Harmful => [.. s_harmful.Keys];

    private static readonly Dictionary<string, byte[]> s_harmless = new()
    {
        ["stray bytes between segments"] = Insert(s_jpeg, s_table, "garbage!"u8),
        ["fill bytes before a marker"] = Insert(s_jpeg, s_table, [0xFF, 0xFF, 0xFF]),
        ["a restart marker between segments"] = Insert(s_jpeg, s_table, [0xFF, 0xD0]),
        ["an unknown JFIF version"] = With(s_jpeg, s_jpeg.AsSpan().IndexOf("JFIF"u8) + 5, 7),
        ["zeros before the end"] = Insert(s_jpeg, s_jpeg.Length - 2, new byte[700]),
        ["three bytes before the end"] = Insert(s_jpeg, s_jpeg.Length - 2, [1, 2, 3]),
        ["no end marker"] = s_jpeg[..^2],
        ["bytes behind the end"] = [.. s_jpeg, .. "more"u8],
        ["a second picture behind the end"] = [.. s_jpeg, .. s_jpeg],
        ["an unknown Adobe transform"] = ExifBytes.InsertSegment(s_jpeg, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 9]),
        ["a standard Huffman table left out, as in motion JPEG"] = With(s_jpeg, s_jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]) + 1, 0xFE),
        ["an empty comment"] = ExifBytes.InsertSegment(s_jpeg, 0xFE, []),
        ["a JPEG in the EXIF segment"] = ExifBytes.Insert(s_jpeg, s_jpeg),
    };

    private static readonly Dictionary<string, (byte[] File, string Words)> s_harmful = new()
    {
        ["half a file"] = (s_jpeg[..(s_jpeg.Length / 2)], "is incomplete"),
        ["half a file and an end marker"] = ([.. s_jpeg[..(s_jpeg.Length / 2)], 0xFF, 0xD9], "is incomplete"),
        ["four bytes short"] = (s_jpeg[..^4], "is incomplete"),
        ["header alone"] = (s_jpeg[..(s_frame + 4)], "breaks off before its picture data"),
        ["twice the height"] = (WithHeight(2 * Height), "150×240"),
        ["half the height"] = (WithHeight(Height / 2), "is damaged"),
        ["no height"] = (WithHeight(0), "150×0"),
        ["a huge size over few bytes"] = (With(WithHeight(16000), s_frame + 7, 0x3E), "far more than its"),
        ["more than the limit"] = (With(WithHeight(65535), s_frame + 7, 0xFF), "over the limit"),
        ["a flipped byte in the scan"] = (With(s_jpeg, s_jpeg.Length / 2, (byte)(s_jpeg[s_jpeg.Length / 2] ^ 0xFF)), "is damaged"),
        ["arithmetic coding"] = (With(s_jpeg, s_frame + 1, 0xC9), "is an arithmetic-coded JPEG"),
        ["lossless"] = (With(s_jpeg, s_frame + 1, 0xC3), "is a lossless JPEG"),
        ["hierarchical"] = (With(s_jpeg, s_frame + 1, 0xC5), "is a hierarchical JPEG"),
        ["twelve bits"] = (With(s_jpeg, s_frame + 4, 12), "is a 12-bit JPEG"),
        ["two components"] = (With(s_jpeg, s_frame + 9, 2), "frame header has a wrong length"),
        ["sampling of nothing"] = (With(s_jpeg, s_frame + 11, 0), "sampling factors"),
        ["two frame headers"] = ([.. s_jpeg[..s_frame], .. s_jpeg[s_frame..(s_frame + 19)], .. s_jpeg[s_frame..]], "two JPEG frame headers"),
        ["no frame"] = ([.. s_jpeg[..s_frame], 0xFF, 0xD9], "no frame header"),
        ["no scan"] = ([.. s_jpeg[..(s_frame + 19)], 0xFF, 0xD9], "no picture data"),
        ["no quantisation table"] = (With(s_jpeg, s_table + 1, 0xFE), "is damaged"),
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public void ReadRgb_HarmlessOddity_GivesTheSamePicture(string oddity)
    {
        RgbImage expected = ImageFile.ReadRgb(s_jpeg, "sound.jpg");

        RgbImage image = ImageFile.ReadRgb(s_harmless[oddity], "odd.jpg");

        Assert.Equal((Width, Height), (image.Width, image.Height));
        Assert.Equal(expected.Pixels, image.Pixels);
    }

    [Theory]
    [MemberData(nameof(Harmful))]
    public void ReadRgb_Damage_IsRefusedInASentence(string damage)
    {
        (byte[] file, string words) = s_harmful[damage];

        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(file, "bad.jpg"));

        Assert.StartsWith("bad.jpg ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRgb_AfterADamagedFile_ReadsASoundOne()
    {
        byte[] expected = ImageFile.ReadRgb(s_jpeg, "sound.jpg").Pixels;
        foreach ((byte[] file, _) in s_harmful.Values)
        {
            Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(file, "bad.jpg"));
            Assert.Equal(expected, ImageFile.ReadRgb(s_jpeg, "sound.jpg").Pixels);
        }
    }

    [Fact]
    public void ReadLabel_Jpeg_IsRefusedAsALabel()
    {
        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadLabel(s_jpeg, "label.jpg"));

        Assert.Contains("JPEG", error.Message, StringComparison.Ordinal);
        Assert.Contains("class ids", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ReadRgb_ProgressiveWithoutItsLastScans_IsRefused()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(TestPaths.RequireGolden("images"), "a_420_progressive.jpg"));
        int[] scans = [.. Enumerable.Range(0, file.Length - 1).Where(i => file[i] == 0xFF && file[i + 1] == 0xDA)];
        Assert.True(scans.Length > 3);
        foreach (int scan in scans)
        {
            Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb([.. file[..scan], 0xFF, 0xD9], "bad.jpg"));
            Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(file.AsSpan(0, scan), "bad.jpg"));
        }
    }

    private static byte[] Insert(byte[] file, int at, ReadOnlySpan<byte> bytes) => [.. file[..at], .. bytes, .. file[at..]];

    private static byte[] With(byte[] file, int at, byte value)
    {
        byte[] copy = [.. file];
        copy[at] = value;
        return copy;
    }

    private static byte[] WithHeight(int height)
    {
        byte[] copy = [.. s_jpeg];
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(s_frame + 5), (ushort)height);
        return copy;
    }
}
