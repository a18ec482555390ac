using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>The EXIF tag: read from sound data, harmless in any other, and applied as the standard says.</summary>
public class ExifOrientationTests
{
    [Fact]
    public void ReadRgb_EachOrientation_PutsPixelsWhereTheStandardSays()
    {
        RgbImage picture = TestPictures.Noise(37, 70, seed: 1);
        byte[] jpeg = JpegWriter.Encode(picture, 90);
        RgbImage stored = ImageFile.ReadRgb(jpeg, "x.jpg");
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            foreach (bool little in (bool[])[true, false])
            {
                byte[] file = ExifBytes.Insert(jpeg, ExifBytes.Tiff(orientation, little));

                RgbImage shown = ImageFile.ReadRgb(file, "x.jpg");

                RgbImage expected = ExifBytes.Turn(stored, orientation);
                Assert.Equal((expected.Width, expected.Height), (shown.Width, shown.Height));
                Assert.Equal(expected.Pixels, shown.Pixels);
                Assert.Equal(stored.Pixels, ImageFile.ReadRgb(file, "x.jpg", new ImageReadOptions { ApplyOrientation = false }).Pixels);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void Read_ValueOutOfRange_IsNormal(int value) =>
        Assert.Equal(1, ExifOrientation.Read(ExifBytes.Tiff(value)));

    [Fact]
    public void Read_EveryTruncation_IsNormalOrTheTruth()
    {
        byte[] tiff = ExifBytes.Tiff(8);
        for (int length = 0; length < tiff.Length; length++)
        {
            Assert.True(ExifOrientation.Read(tiff.AsSpan(0, length)) is 1 or 8);
        }
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        Random random = new(5);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] tiff = ExifBytes.Tiff(random.Next(1, 9), random.Next(2) == 0);
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                tiff[random.Next(tiff.Length)] = (byte)random.Next(256);
            }

            Assert.InRange(ExifOrientation.Read(tiff), 1, 8);
        }
    }

    [Fact]
    public void ReadRgb_FirstOfTwoExifSegments_Counts()
    {
        byte[] jpeg = JpegWriter.Encode(TestPictures.Noise(20, 10, seed: 2));
        byte[] file = ExifBytes.Insert(ExifBytes.Insert(jpeg, ExifBytes.Tiff(6)), ExifBytes.Tiff(1));

        RgbImage image = ImageFile.ReadRgb(file, "x.jpg");

        Assert.Equal((20, 10), (image.Width, image.Height));
    }
}
