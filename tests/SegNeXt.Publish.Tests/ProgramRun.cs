using System.Diagnostics;

namespace SegNeXt.Publish.Tests;

/// <summary>One run of a program.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Time">From start to end.</param>
internal sealed record ProgramRun(int Code, byte[] Output, string Error, TimeSpan Time)
{
    /// <summary>Standard output as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    /// <summary>All that was said.</summary>
    public string Said => Error + Text;

    /// <summary>Runs a program with nothing in its environment, so that it finds no .NET but what it brings along.</summary>
    /// <param name="file">The program.</param>
    /// <param name="line">Its words.</param>
    /// <param name="folder">Where.</param>
    /// <param name="input">What it reads from standard input.</param>
    public static ProgramRun Alone(string file, string[] line, string folder, byte[]? input = null) =>
        Of(file, line, folder, static environment => environment.Clear(), input);

    /// <summary>Runs a program; the test fails where it takes too long.</summary>
    /// <param name="file">The program.</param>
    /// <param name="line">Its words.</param>
    /// <param name="folder">Where.</param>
    /// <param name="environment">What to change about the environment.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="limit">How long; two minutes if null.</param>
    public static ProgramRun Of(
        string file, string[] line, string folder, Action<IDictionary<string, string?>> environment, byte[]? input = null, TimeSpan? limit = null)
    {
        ProcessStartInfo start = new(file, line)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        environment(start.Environment);
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        using MemoryStream output = new();
        Task copied = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(limit ?? TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{file} {string.Join(' ', line)} has not ended.");
        }

        TimeSpan time = Stopwatch.GetElapsedTime(began);
        Task.WaitAll(copied, error);
        return new ProgramRun(process.ExitCode, output.ToArray(), error.Result, time);
    }
}
