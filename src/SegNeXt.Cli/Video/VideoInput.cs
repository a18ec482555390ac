using System.Text;
using System.Text.RegularExpressions;

namespace SegNeXt.Cli;

/// <summary>A video, camera or stream as the command line names it, and as ffmpeg is told of it.</summary>
/// <param name="Name">What messages call it; a password in an address is left out.</param>
/// <param name="Stem">What its results are called.</param>
/// <param name="Arguments">ffmpeg's and ffprobe's words for it, ending with the input.</param>
/// <param name="IsFile">Whether it is a file: it has an end, and can be read twice.</param>
internal sealed partial record VideoInput(string Name, string Stem, IReadOnlyList<string> Arguments, bool IsFile)
{
    private static readonly HashSet<string> s_suffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv", ".ogv", ".3gp", ".mxf", ".y4m",
    };

    /// <summary>Whether a file's name ends as videos' names do.</summary>
    /// <param name="path">The file's name or path.</param>
    public static bool IsVideo(string path) => s_suffixes.Contains(Path.GetExtension(path));

    /// <summary>Whether a word is no file but a camera (<c>/dev/video0</c>) or an address (<c>rtsp://…</c>).</summary>
    /// <param name="path">A PATH of the command line.</param>
    public static bool IsSource(string path) => Camera().IsMatch(path) || Address().IsMatch(path);

    /// <summary>A video file.</summary>
    /// <param name="path">The file.</param>
    public static VideoInput File(string path) =>
        new(path, Path.GetFileNameWithoutExtension(path), ["-i", "file:" + Path.GetFullPath(path)], IsFile: true);

    /// <summary>A camera, an address, or whatever a format of ffmpeg's takes.</summary>
    /// <param name="path">A PATH of the command line.</param>
    /// <param name="format">ffmpeg's name of the format, such as <c>v4l2</c>, <c>avfoundation</c>, <c>dshow</c> or <c>lavfi</c>; null to leave it to ffmpeg.</param>
    public static VideoInput Source(string path, string? format)
    {
        format ??= Camera().IsMatch(path) ? "v4l2" : null;
        string shown = Password().Replace(path, "$1");
        string[] words = path.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase)
            // Over UDP, the default, cameras lose packets and pictures tear.
            ? ["-rtsp_transport", "tcp", "-i", path]
            : ["-i", path];
        return new VideoInput(shown, StemOf(shown), format is null ? words : ["-f", format, .. words], IsFile: false);
    }

    /// <summary>Replaces what is secret in a text of ffmpeg's.</summary>
    /// <param name="text">What it said.</param>
    public string Hide(string text) => text.Replace(Arguments[^1], Name, StringComparison.Ordinal);

    private static string StemOf(string shown)
    {
        string path = shown.Split('?', '#')[0].TrimEnd('/');
        string last = path[(path.LastIndexOf('/') + 1)..];
        StringBuilder stem = new();
        foreach (char c in IsVideo(last) ? Path.GetFileNameWithoutExtension(last) : last)
        {
            stem.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_');
        }

        string result = stem.ToString().Trim('.', '_');
        return result.Length == 0 ? "video" : result[..Math.Min(result.Length, 100)];
    }

    [GeneratedRegex(@"^/dev/video\d+$")]
    private static partial Regex Camera();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.\-]+://")]
    private static partial Regex Address();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.\-]+://)[^/@]*@")]
    private static partial Regex Password();
}
