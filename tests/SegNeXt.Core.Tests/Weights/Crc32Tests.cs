using System.Text;

namespace SegNeXt.Core.Tests;

public class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Append_PublishedCheckValues_AreMet(string text, uint expected) =>
        Assert.Equal(expected, Crc32.Append(0, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Append_EveryLengthInTwoParts_EqualsTheBitwiseDefinition()
    {
        byte[] data = new byte[70];
        new Random(3).NextBytes(data);
        for (int length = 0; length <= data.Length; length++)
        {
            int first = length / 3;
            Assert.Equal(Bitwise(data.AsSpan(0, length)), Crc32.Append(Crc32.Append(0, data.AsSpan(0, first)), data.AsSpan(first, length - first)));
        }
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register >> 1) ^ ((register & 1) * 0xEDB88320u);
            }
        }

        return ~register;
    }
}
