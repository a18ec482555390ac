using System.Diagnostics;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// The processes of one launch, from start to end: a stop is passed on to all of them, and one that fails ends the others, which
/// would wait for it in vain.
/// </summary>
/// <param name="terminal">Takes what ranks above 0 say; signals the stop.</param>
internal sealed class RankGroup(Terminal terminal)
{
    /// <summary>After a failure: for others that fail by the same cause to say so themselves.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);

    /// <summary>And then, to stop when asked.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    private readonly Lock _telling = new();
    private readonly List<string> _held = [];

    /// <summary>Starts the processes and waits until all have ended.</summary>
    /// <param name="program">The program and the words before its arguments.</param>
    /// <param name="words">The arguments.</param>
    /// <param name="count">How many processes.</param>
    /// <returns>How each ended, by rank.</returns>
    /// <exception cref="InputException">One cannot be started.</exception>
    public IReadOnlyList<RankEnd> Run(IReadOnlyList<string> program, IReadOnlyList<string> words, int count)
    {
        using HeldPort port = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("segnext-launch-");
        List<RankProcess> processes = [];
        try
        {
            for (int rank = 0; rank < count; rank++)
            {
                string name = $"rank {rank}: ";
                processes.Add(RankProcess.Start(program, words, rank, count, port.Number, folder.FullName, line => Tell(name + line)));
            }

            Follow(processes);
            return [.. processes.Select(process => process.Ended.Result)];
        }
        finally
        {
            foreach (RankProcess process in processes)
            {
                process.Dispose();
            }

            _held.ForEach(terminal.Error.WriteLine);
            folder.Delete(recursive: true);
        }
    }

    private void Follow(List<RankProcess> processes)
    {
        bool asked = false;
        Stopwatch? sinceFailure = null;
        Task<RankEnd>[] running = [.. processes.Select(process => process.Ended)];
        while (running.Length > 0)
        {
            Task.WaitAny([.. running], s_tick);
            RankEnd[] ended = [.. running.Where(task => task.IsCompleted).Select(task => task.Result)];
            running = [.. running.Where(task => !task.IsCompleted)];
            if (ended.Any(end => end.IsFailure))
            {
                sinceFailure ??= Stopwatch.StartNew();
            }

            // A rank that was stopped by somebody else stops the others, which may still have to save.
            bool isOver = terminal.Cancellation.IsCancellationRequested || ended.Any(end => end.Code == ExitCode.Interrupted) || sinceFailure?.Elapsed > s_settle;
            if (isOver && !asked)
            {
                asked = true;
                byte how = terminal.IsTerminated ? Lifeline.Terminate : Lifeline.Interrupt;
                processes.ForEach(process => process.Ask(how));
            }

            if (sinceFailure?.Elapsed > s_settle + s_grace)
            {
                processes.ForEach(process => process.Kill());
            }
        }
    }

    /// <summary>A line of a rank that has no terminal; while rank 0 draws on it, nothing comes between.</summary>
    private void Tell(string line)
    {
        lock (_telling)
        {
            if (terminal.ErrorIsTerminal)
            {
                _held.Add(line);
            }
            else
            {
                terminal.Error.WriteLine(line);
            }
        }
    }
}
