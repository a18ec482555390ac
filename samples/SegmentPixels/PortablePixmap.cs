/// <summary>The header of a binary PPM picture: <c>P6</c>, columns, rows, 255, with white space between; then RGB bytes.</summary>
internal static class PortablePixmap
{
    /// <summary>Reads up to a picture's first pixel; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such header.</exception>
    public static (int Width, int Height)? ReadHeader(Stream stream) => Token(stream) switch
    {
        "" => null,
        "P6" when int.TryParse(Token(stream), out int width) && width > 0
            && int.TryParse(Token(stream), out int height) && height > 0
            && 3L * width * height <= Array.MaxLength
            && Token(stream) == "255" => (width, height),
        _ => throw new InvalidDataException("The input is no binary 8-bit PPM picture (P6)."),
    };

    /// <summary>The next word, and the one white space behind it; empty at the end.</summary>
    private static string Token(Stream stream)
    {
        string token = "";
        for (int next = stream.ReadByte(); next >= 0 && token.Length < 16; next = stream.ReadByte())
        {
            if (next == '#')
            {
                while (stream.ReadByte() is >= 0 and not '\n')
                {
                }
            }
            else if (!char.IsWhiteSpace((char)next))
            {
                token += (char)next;
            }
            else if (token.Length > 0)
            {
                break;
            }
        }

        return token;
    }
}
