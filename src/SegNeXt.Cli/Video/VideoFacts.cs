using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>What ffprobe tells of a video before its pictures are decoded.</summary>
/// <param name="Stream">Index of the video stream.</param>
/// <param name="Rate">Pictures a second as ffmpeg writes it, such as <c>30000/1001</c>.</param>
/// <param name="Frames">How many pictures it should have at that rate; 0 where it has no known end.</param>
/// <param name="Audio">The codec of its first sound stream, or null.</param>
internal sealed record VideoFacts(int Stream, string Rate, long Frames, string? Audio)
{
    /// <summary>For sources that do not tell.</summary>
    private const string UsualRate = "25/1";

    /// <summary>Above this a rate is a clock's, not a picture's.</summary>
    private const double HighestRate = 1000;

    /// <summary>Asks ffprobe.</summary>
    /// <param name="program">ffprobe.</param>
    /// <param name="input">The video.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="InputException">It is no video, or cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static VideoFacts Read(string program, VideoInput input, CancellationToken cancellation)
    {
        using ChildProgram probe = ChildProgram.Start(
            program,
            ["-v", "error", "-show_entries", "stream=index,codec_type,codec_name,avg_frame_rate,r_frame_rate,duration:stream_disposition=attached_pic:format=duration", "-of", "json", .. input.Arguments]);
        using CancellationTokenRegistration ending = cancellation.Register(probe.Kill);
        probe.Input.Close();
        using StreamReader reader = new(probe.Output);
        string json = reader.ReadToEnd();
        int code = probe.Wait();
        cancellation.ThrowIfCancellationRequested();
        if (code != 0)
        {
            throw new InputException($"{input.Name}: this is no video that ffmpeg can open{input.Hide(probe.Complaint())}.");
        }

        using JsonDocument document = JsonDocument.Parse(json);
        return Parse(document.RootElement) ?? throw new InputException($"{input.Name}: there is no video in it.");
    }

    /// <summary>Reads ffprobe's answer.</summary>
    /// <returns>Null where there is no video stream, or a cover picture alone.</returns>
    internal static VideoFacts? Parse(JsonElement root)
    {
        if (!root.TryGetProperty("streams", out JsonElement streams))
        {
            return null;
        }

        string? audio = null;
        JsonElement? video = null;
        foreach (JsonElement stream in streams.EnumerateArray())
        {
            string? type = Text(stream, "codec_type");
            if (type == "audio")
            {
                audio ??= Text(stream, "codec_name");
            }
            else if (type == "video" && video is null && !(stream.TryGetProperty("disposition", out JsonElement flags) && flags.TryGetProperty("attached_pic", out JsonElement cover) && cover.GetInt32() == 1))
            {
                video = stream;
            }
        }

        if (video is not { } found)
        {
            return null;
        }

        string rate = new[] { Text(found, "avg_frame_rate"), Text(found, "r_frame_rate") }.FirstOrDefault(text => Fraction(text) is > 0 and <= HighestRate) ?? UsualRate;
        double seconds = Number(Text(found, "duration")) is > 0 and var own ? own
            : root.TryGetProperty("format", out JsonElement format) ? Number(Text(format, "duration")) : 0;
        return new VideoFacts(found.GetProperty("index").GetInt32(), rate, (long)Math.Round(seconds * Fraction(rate)), audio);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static double Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : 0;

    private static double Fraction(string? text)
    {
        string[] parts = (text ?? "").Split('/');
        double below = parts.Length == 2 ? Number(parts[1]) : 1;
        return below > 0 ? Number(parts[0]) / below : 0;
    }
}
