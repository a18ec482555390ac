using System.ComponentModel;
using System.Diagnostics;

namespace SegNeXt.Cli.Tests;

/// <summary>ffmpeg, for tests: it makes the videos, and looks at those that were made.</summary>
internal static class FfmpegProgram
{
    private static readonly Lazy<bool> s_available = new(() =>
    {
        try
        {
            return Run("ffmpeg", "-version").StartsWith("ffmpeg", StringComparison.Ordinal) && Run("ffprobe", "-version").Length > 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Skips the test where there is no ffmpeg.</summary>
    public static void Require() => Skip.IfNot(s_available.Value, "skipped: no ffmpeg; `apt install ffmpeg` brings it");

    /// <summary>Makes a video.</summary>
    /// <param name="path">The file.</param>
    /// <param name="words">ffmpeg's words, inputs first.</param>
    /// <returns><paramref name="path"/>.</returns>
    public static string Make(string path, string words)
    {
        Run("ffmpeg", [.. $"-nostdin -v error -y {words}".Split(' '), path]);
        return path;
    }

    /// <summary>What ffprobe says of some entries, pictures counted; a line a stream.</summary>
    public static string[] Probe(string path, string entries) =>
        Run("ffprobe", "-v", "error", "-count_frames", "-show_entries", $"stream={entries}", "-of", "csv=p=0", path).Trim().Split('\n');

    private static string Run(string program, params string[] words)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
