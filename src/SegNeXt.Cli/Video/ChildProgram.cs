using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A program that runs beside this one, its pipes, and what it complained of first. It never sees a shell or the terminal's keys.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task _listening;
    private volatile string? _complaint;

    private ChildProgram(Process process)
    {
        _process = process;
        _listening = Task.Run(Listen);
    }

    /// <summary>What the program reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the program writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its words, each as it is.</param>
    /// <exception cref="InputException">There is no such program.</exception>
    public static ChildProgram Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return new ChildProgram(Process.Start(start)!);
        }
        catch (Win32Exception error)
        {
            throw new InputException($"Videos and cameras need the program {Path.GetFileNameWithoutExtension(program)}, which cannot be started on this machine; on Debian and Ubuntu `apt install ffmpeg` brings it.", error);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public int Wait()
    {
        _process.WaitForExit();
        _listening.Wait();
        return _process.ExitCode;
    }

    /// <summary>The first thing that it complained of, in brackets, for the end of a sentence; empty where there was nothing. What follows a complaint are its consequences.</summary>
    public string Complaint() => _complaint is { } line ? $" ({Origin().Replace(line, "").Trim().TrimEnd('.', '!')})" : "";

    /// <summary>Ends the program where it still runs.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        Kill();
        Wait();
        _process.Dispose();
    }

    /// <summary>Reads all, so that the program never waits for a reader.</summary>
    private void Listen()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            _complaint ??= line.Length > 0 ? line : null;
        }
    }

    /// <summary>Which part of ffmpeg speaks, and its address in memory.</summary>
    [GeneratedRegex(@"^(\[[^\]]* @ 0x[0-9a-f]+\] )+")]
    private static partial Regex Origin();
}
