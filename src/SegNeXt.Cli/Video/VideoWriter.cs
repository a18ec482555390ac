using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>Writes pictures into a video file through ffmpeg. The file is there once <see cref="Finish"/> returns, wholly or not at all.</summary>
internal sealed class VideoWriter : IDisposable
{
    /// <summary>Sound that an MP4 file takes as it is; other kinds are encoded anew.</summary>
    private static readonly HashSet<string> s_copiedSound = ["aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"];

    private readonly string _path;
    private readonly string _temporary;
    private readonly ChildProgram _encoder;
    private readonly int _width;
    private readonly int _height;

    private VideoWriter(string path, string temporary, ChildProgram encoder, int width, int height) =>
        (_path, _temporary, _encoder, _width, _height) = (path, temporary, encoder, width, height);

    /// <summary>Begins a video.</summary>
    /// <param name="program">ffmpeg.</param>
    /// <param name="path">The MP4 file.</param>
    /// <param name="width">Columns; an odd number gets one more, since players want colours at half resolution.</param>
    /// <param name="height">Rows; likewise.</param>
    /// <param name="facts">Rate and sound.</param>
    /// <param name="source">The video that the sound comes from; none is taken of what is no file.</param>
    /// <exception cref="InputException">ffmpeg is missing, or has none of the encoders that are known here.</exception>
    public static VideoWriter Begin(string program, string path, int width, int height, VideoFacts facts, VideoInput source)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Guid.NewGuid():N}.tmp");
        bool sound = source.IsFile && facts.Audio is not null;
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{Even(width)}x{Even(height)}", "-framerate", facts.Rate, "-i", "pipe:0",
            .. sound ? (string[])[.. source.Arguments, "-map", "0:v", "-map", "1:a:0", "-c:a", s_copiedSound.Contains(facts.Audio!) ? "copy" : "aac"] : [],
            .. Encoder(program), "-pix_fmt", "yuv420p", "-r", facts.Rate,
            // The index at the front lets a browser begin before it has all; of a long recording it would be moved for minutes.
            .. source.IsFile ? (string[])["-movflags", "+faststart"] : [],
            "-f", "mp4", "file:" + temporary,
        ];
        return new VideoWriter(path, temporary, ChildProgram.Start(program, arguments), width, height);
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="image">Of the size that was said.</param>
    /// <exception cref="InputException">ffmpeg has given up; the message has its words.</exception>
    public void Write(RgbImage image)
    {
        try
        {
            if (Even(_width) == _width && Even(_height) == _height)
            {
                _encoder.Input.Write(image.Pixels);
                return;
            }

            int length = _width * 3;
            for (int y = 0; y < Even(_height); y++)
            {
                ReadOnlySpan<byte> row = image.Pixels.AsSpan(Math.Min(y, _height - 1) * length, length);
                _encoder.Input.Write(row);
                if (Even(_width) != _width)
                {
                    _encoder.Input.Write(row[^3..]);
                }
            }
        }
        catch (IOException error)
        {
            _encoder.Wait();
            throw new InputException($"{_path}: ffmpeg could not write the video{_encoder.Complaint()}.", error);
        }
    }

    /// <summary>Completes the file.</summary>
    /// <param name="interrupted">Whether the user has stopped a recording: ffmpeg heard Ctrl-C too, and may have completed the file by itself.</param>
    /// <exception cref="InputException">ffmpeg could not; the message has its words.</exception>
    public void Finish(bool interrupted)
    {
        try
        {
            _encoder.Input.Close();
        }
        catch (IOException)
        {
            // It has ended before; its exit code says how.
        }

        const int EndedBySignal = 255;
        int code = _encoder.Wait();
        if (code != 0 && !(interrupted && code == EndedBySignal))
        {
            throw new InputException($"{_path}: ffmpeg could not write the video{_encoder.Complaint()}.");
        }

        try
        {
            File.Move(_temporary, _path, overwrite: true);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(_path, error);
        }
    }

    public void Dispose()
    {
        _encoder.Dispose();
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // What went wrong has been said already.
        }
    }

    private static int Even(int side) => side + (side & 1);

    /// <summary>The best encoder that this ffmpeg has, as arguments.</summary>
    private static string[] Encoder(string program)
    {
        using ChildProgram list = ChildProgram.Start(program, ["-v", "error", "-hide_banner", "-encoders"]);
        using StreamReader reader = new(list.Output);
        string encoders = reader.ReadToEnd();
        bool Has(string name) => encoders.Contains($" {name} ", StringComparison.Ordinal);
        return Has("libx264") ? ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20"]
            : Has("libopenh264") ? ["-c:v", "libopenh264", "-b:v", "8M"]
            : Has("mpeg4") ? ["-c:v", "mpeg4", "-q:v", "3"]
            : throw new InputException("This ffmpeg has none of the encoders libx264, libopenh264 and mpeg4; use another build of it, or --frames.");
    }
}
