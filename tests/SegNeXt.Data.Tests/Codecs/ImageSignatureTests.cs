using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Files that are no JPEG or PNG are called by their names; files that cannot be opened likewise.</summary>
public class ImageSignatureTests
{
    public static TheoryData<byte[], string> Others => new()
    {
        { [.. "GIF89a"u8, 1, 0], "is a GIF picture" },
        { [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], "is a WebP picture" },
        { [.. "II*\0"u8, 8, 0, 0, 0], "is a TIFF picture" },
        { [.. "MM\0*"u8, 0, 0, 0, 8], "is a TIFF picture" },
        { [.. "BM"u8, 0, 1, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], "is a BMP picture" },
        { [0, 0, 0, 24, .. "ftypheic"u8], "is a HEIC picture" },
        { [0, 0, 0, 24, .. "ftypmif1"u8], "is a HEIC picture" },
        { [0, 0, 0, 24, .. "ftypavif"u8], "is an AVIF picture" },
        { [0, 0, 0, 24, .. "ftypisom"u8], "is a video" },
        { [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 10], "is a JPEG 2000 picture" },
        { [0, 0, 0, 12, .. "JXL \r\n"u8, 0x87, 10], "is a JPEG XL picture" },
        { [.. "%PDF-1.7"u8], "is a PDF document" },
        { [.. "PK\u0003\u0004"u8], "is a zip archive" },
        { [0x89, .. "PNG\n\u001a\n"u8], "damaged by a transfer in text mode" },
        { [.. "version https://git-lfs.github.com/spec/v1"u8], "is a Git LFS pointer" },
        { [.. "P6 10 10 255\n"u8], "is a Netpbm" },
        { [.. "<html>not found</html>"u8], "is a text file" },
        { [.. "schöne Grüße"u8], "is a text file" },
        { new byte[64], "nothing but zero bytes" },
        { [7, 6, 5, 200, 3, 2, 1], "is not a picture of a known format" },
        { [0xFF, 0xD8], "is not a picture of a known format" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Read_AnotherFormat_IsNamed(byte[] start, string words)
    {
        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(start, "x.jpg"));

        Assert.StartsWith("x.jpg ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; JPEG and PNG are read.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WebP_IsOnePlainSentence()
    {
        InputException error = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb("RIFFxxxxWEBP"u8, "x.webp"));

        Assert.Equal("x.webp is a WebP picture; JPEG and PNG are read.", error.Message);
    }

    [Fact]
    public void Read_FilesThatCannotBeOpened_AreNamed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("empty.png"), []);

        Assert.Equal($"{folder.File("no.png")}: there is no such file.", Fault(folder.File("no.png")));
        Assert.Equal($"{folder.File("no", "no.png")}: its folder does not exist.", Fault(folder.File("no", "no.png")));
        Assert.Equal($"{folder.Path}: this is a folder, not a file.", Fault(folder.Path));
        Assert.Equal($"{folder.File("empty.png")}: the file is empty, or it is a pipe or a device.", Fault(folder.File("empty.png")));
        Assert.Contains("cannot be read", Fault("a\0b"), StringComparison.Ordinal);

        static string Fault(string path)
        {
            string message = Assert.ThrowsAny<InputException>(() => ImageFile.ReadRgb(path)).Message;
            Assert.Equal(message, Assert.ThrowsAny<InputException>(() => ImageFile.ReadSize(path)).Message);
            Assert.Equal(message, Assert.ThrowsAny<InputException>(() => ImageFile.ReadLabel(path)).Message);
            return message;
        }
    }

    [Fact]
    public void ReadSize_HeaderBehindLargeMetadata_IsFound()
    {
        using TemporaryFolder folder = new();
        byte[] jpeg = JpegWriter.Encode(TestPictures.Waves(50, 30));
        for (int i = 0; i < 8; i++)
        {
            jpeg = ExifBytes.InsertSegment(jpeg, 0xE2, new byte[60_000]);
        }

        File.WriteAllBytes(folder.File("x.jpg"), jpeg);

        Assert.Equal((50, 30), ImageFile.ReadSize(folder.File("x.jpg")));
        Assert.Equal(50, ImageFile.ReadRgb(folder.File("x.jpg")).Width);
    }

    [Fact]
    public void ReadSize_LimitOfPixels_IsChecked()
    {
        using TemporaryFolder folder = new();
        PngWriter.WriteRgb(folder.File("x.png"), TestPictures.Waves(50, 30));

        Assert.ThrowsAny<InputException>(() => ImageFile.ReadSize(folder.File("x.png"), new ImageReadOptions { MaxPixels = 1499 }));
    }

    [Fact]
    public void Library_NotThere_IsNamedWithTheCommandThatBringsIt()
    {
        ImageLibrary library = new("libpicture", "Pictures", "apt install libpicture0", "libpicture-of-no-machine.so.0");

        Assert.False(library.IsAvailable);
        InputException error = Assert.ThrowsAny<InputException>(() => library.Require());
        Assert.Equal(
            "Pictures need libpicture (libpicture-of-no-machine.so.0), which is not on this machine; on Debian and Ubuntu `apt install libpicture0` brings it.",
            error.Message);
    }
}
