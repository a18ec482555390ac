using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>How a rank ended.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Code">The exit code; 128 and the signal's number where one ended it.</param>
/// <param name="At">When it failed or ended, whichever came first.</param>
/// <param name="Failure">The sentence with which it failed, as a program alone would have printed it; null where it left none.</param>
/// <param name="WasKilled">Whether launch ended it, because it did not stop in time.</param>
internal sealed record RankEnd(int Rank, int Code, DateTime At, string? Failure, bool WasKilled)
{
    /// <summary>Whether it neither did its work nor was stopped; inputs that failed while the rest was done are work done.</summary>
    public bool IsFailure => Code is not (ExitCode.Done or ExitCode.SomeFailed or ExitCode.Interrupted);
}

/// <summary>One of the processes that launch started.</summary>
internal sealed class RankProcess : IDisposable
{
    private readonly int _rank;
    private readonly Process _process;
    private readonly string _failureFile;
    private readonly Task _listening;
    private volatile bool _killed;

    private RankProcess(int rank, Process process, string failureFile, Action<string> tell)
    {
        _rank = rank;
        _process = process;
        _failureFile = failureFile;
        _listening = rank == 0
            ? Task.CompletedTask
            : Task.WhenAll(Listen(process.StandardOutput, tell), Listen(process.StandardError, tell));
        Ended = WaitAsync();
    }

    /// <summary>Its end.</summary>
    public Task<RankEnd> Ended { get; }

    /// <summary>
    /// Starts one. Rank 0 has the terminal, so that its live display works as it does alone; what others say comes by
    /// <paramref name="tell"/>, line by line.
    /// </summary>
    /// <param name="program">The program and the words before its arguments.</param>
    /// <param name="words">The arguments.</param>
    /// <param name="rank">The process's number.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="port">Where they meet.</param>
    /// <param name="folder">Takes the file with which it fails.</param>
    /// <param name="tell">Gets each line of a rank above 0, from any thread.</param>
    /// <exception cref="InputException">It cannot be started.</exception>
    public static RankProcess Start(
        IReadOnlyList<string> program, IEnumerable<string> words, int rank, int count, int port, string folder, Action<string> tell)
    {
        string failureFile = Path.Combine(folder, $"rank{rank}");
        ProcessStartInfo start = new(program[0], [.. program.Skip(1), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = rank > 0,
            RedirectStandardError = rank > 0,
        };
        foreach ((string name, object value) in new (string, object)[]
        {
            ("RANK", rank), ("WORLD_SIZE", count), ("LOCAL_RANK", rank), ("LOCAL_WORLD_SIZE", count),
            ("MASTER_ADDR", RankEnvironment.Loopback), ("MASTER_PORT", port), (Lifeline.Variable, failureFile),
        })
        {
            start.Environment[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        try
        {
            return new RankProcess(rank, Process.Start(start)!, failureFile, tell);
        }
        catch (Win32Exception error)
        {
            throw new InputException($"Rank {rank} of {count} cannot be started: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>Asks it to save its state and end.</summary>
    /// <param name="how"><see cref="Lifeline.Interrupt"/> or <see cref="Lifeline.Terminate"/>.</param>
    public void Ask(byte how)
    {
        try
        {
            _process.StandardInput.BaseStream.WriteByte(how);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends it, and what it started.</summary>
    public void Kill()
    {
        if (!Ended.IsCompleted)
        {
            _killed = true;
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose()
    {
        Kill();
        Ended.Wait();
        _process.Dispose();
    }

    private static async Task Listen(StreamReader reader, Action<string> tell)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            tell(line);
        }
    }

    private async Task<RankEnd> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        DateTime at = DateTime.UtcNow;

        // Something that it started may hold the pipes for longer than it lives.
        await Task.WhenAny(_listening, Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false);
        FileInfo failure = new(_failureFile);
        return failure.Exists
            ? new RankEnd(_rank, _process.ExitCode, failure.LastWriteTimeUtc < at ? failure.LastWriteTimeUtc : at, File.ReadAllText(_failureFile), _killed)
            : new RankEnd(_rank, _process.ExitCode, at, null, _killed);
    }
}
