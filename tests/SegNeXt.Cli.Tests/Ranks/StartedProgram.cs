using System.Diagnostics;
using System.Globalization;

namespace SegNeXt.Cli.Tests;

/// <summary>The real program in a process of its own, perhaps one that starts others.</summary>
internal sealed class StartedProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private StartedProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>The program's own words: <c>dotnet segnext.dll</c> and what follows.</summary>
    public static string[] Line(params string[] args) => ["dotnet", typeof(CommandLine).Assembly.Location, .. args];

    /// <summary>Starts the program.</summary>
    public static StartedProgram Segnext(params string[] args) => Run(Line(args));

    /// <summary>Starts any program, with more in its environment.</summary>
    public static StartedProgram Run(string[] line, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new StartedProgram(Process.Start(start)!);
    }

    /// <summary>Sends a signal to a process.</summary>
    public static void Signal(string name, int id)
    {
        using Process kill = Process.Start("kill", [$"-{name}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The processes that this one started, by their RANK; only where the system has /proc.</summary>
    public Dictionary<int, int> Ranks()
    {
        Dictionary<int, int> ranks = [];
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Parent(id) == Id
                && Read($"{folder}/environ").Split('\0').FirstOrDefault(entry => entry.StartsWith("RANK=", StringComparison.Ordinal)) is { } rank)
            {
                ranks[int.Parse(rank["RANK=".Length..], CultureInfo.InvariantCulture)] = id;
            }
        }

        return ranks;
    }

    /// <summary>Whether a process runs; one that has ended and is still to be collected does not.</summary>
    public static bool Runs(int id) => Read($"/proc/{id}/stat") is { Length: > 0 } stat && stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');

    /// <summary>Waits for something to be so; fails where the program ends first or it takes minutes.</summary>
    public void WaitUntil(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(_process.HasExited, $"the program ended too early: {(_process.HasExited ? _error.Result : "")}");
            Assert.True(clock.Elapsed < s_patience, "what was waited for did not happen");
            Thread.Sleep(10);
        }
    }

    /// <summary>Waits for the end.</summary>
    public CommandRun End()
    {
        if (!_process.WaitForExit(s_patience))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"the program does not end; it said: {_error.Result}");
        }

        return new CommandRun(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static int Parent(int id) =>
        Read($"/proc/{id}/stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return "";
        }
    }
}
