using System.Diagnostics;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// What ties a process to the <c>segnext launch</c> that started it: standard input is a pipe whose other end launch holds.
/// A byte in it asks the process to stop; its end, which the system brings about however launch may die, says that
/// nobody waits for the process any more. So no rank outlives its launcher, on any system.
/// </summary>
internal sealed class Lifeline
{
    /// <summary>Asks to stop, as Ctrl-C does.</summary>
    public const byte Interrupt = (byte)'i';

    /// <summary>Asks to stop, as SIGTERM does.</summary>
    public const byte Terminate = (byte)'t';

    /// <summary>The variable that tells a process of its lifeline: the file that takes the sentence with which it fails.</summary>
    public const string Variable = "SEGNEXT_LAUNCH_FAILURE";

    /// <summary>What a process whose launcher died gets to save its state.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    private readonly string _failureFile;
    private readonly Action<bool> _stop;

    private Lifeline(string failureFile, Action<bool> stop) => (_failureFile, _stop) = (failureFile, stop);

    /// <summary>The lifeline that launch gave this process, or null for a process that somebody else started.</summary>
    /// <param name="stop">Asks the command to stop; true for SIGTERM. Called from another thread.</param>
    public static Lifeline? Take(Action<bool> stop)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file)
        {
            return null;
        }

        // Programs that this one starts are not launch's.
        Environment.SetEnvironmentVariable(Variable, null);
        Lifeline lifeline = new(file, stop);
        new Thread(lifeline.Follow) { IsBackground = true, Name = "lifeline" }.Start();
        return lifeline;
    }

    /// <summary>Leaves the sentence with which this process fails to launch, which says it once for all ranks.</summary>
    /// <param name="sentence">One line.</param>
    /// <returns>False where the file cannot be written.</returns>
    public bool TryFail(string sentence)
    {
        try
        {
            AtomicFile.Write(_failureFile, stream =>
            {
                using StreamWriter writer = new(stream, leaveOpen: true);
                writer.Write(sentence);
            });
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private void Follow()
    {
        bool asked = false;
        try
        {
            using Stream input = Console.OpenStandardInput();
            for (int read = input.ReadByte(); read >= 0; read = input.ReadByte())
            {
                asked = true;
                _stop(read == Terminate);
            }
        }
        catch (IOException)
        {
            // A pipe that breaks has ended too.
        }

        if (!asked)
        {
            _stop(true);
            Thread.Sleep(s_grace);
        }

        // Whoever asked before has asked a second time by going away.
        Process.GetCurrentProcess().Kill();
    }
}
