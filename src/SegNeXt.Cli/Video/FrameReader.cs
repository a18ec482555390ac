using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>Reads the pictures that ffmpeg writes one behind the other as PPM, whose headers tell their size.</summary>
/// <param name="stream">ffmpeg's output.</param>
internal sealed class FrameReader(Stream stream) : IDisposable
{
    private readonly BufferedStream _stream = new(stream, 1 << 16);

    /// <summary>Reads the next picture.</summary>
    /// <param name="frame">Takes it; null for a new one.</param>
    /// <returns>The picture; null at the end, or where the last one is incomplete.</returns>
    /// <exception cref="InvalidDataException">This is no PPM, or the size has changed.</exception>
    public VideoFrame? Read(VideoFrame? frame)
    {
        if (_stream.ReadByte() is not 'P' and var first)
        {
            return first < 0 ? null : throw new InvalidDataException("ffmpeg did not write the pictures that it was asked for.");
        }

        if (_stream.ReadByte() != '6')
        {
            throw new InvalidDataException("ffmpeg did not write the pictures that it was asked for.");
        }

        int space = _stream.ReadByte();
        (int width, int height, int most) = (Number(), Number(), Number());
        if (width < 0 || height < 0 || most < 0)
        {
            return null;
        }

        if (!char.IsWhiteSpace((char)space) || width == 0 || height == 0 || most != 255)
        {
            throw new InvalidDataException("ffmpeg did not write the pictures that it was asked for.");
        }

        frame ??= new VideoFrame(new RgbImage(width, height));
        if (frame.Image.Width != width || frame.Image.Height != height)
        {
            throw new InvalidDataException($"its pictures change from {frame.Image.Width}×{frame.Image.Height} to {width}×{height} pixels.");
        }

        byte[] pixels = frame.Image.Pixels;
        return _stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length ? frame : null;
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>A number and the space behind it; -1 where the stream ends.</summary>
    private int Number()
    {
        int value = 0;
        for (int digits = 0; ; digits++)
        {
            int next = _stream.ReadByte();
            if (next < 0)
            {
                return -1;
            }

            if (!char.IsAsciiDigit((char)next))
            {
                return digits > 0 ? value : 0;
            }

            value = digits < 6 ? (value * 10) + next - '0' : throw new InvalidDataException("ffmpeg did not write the pictures that it was asked for.");
        }
    }
}
