using System.Diagnostics;
using System.Globalization;

namespace SegNeXt.Peers;

/// <summary>A worker as the comparison sees it.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(string name, Process process)
    {
        Name = name;
        _process = process;
        string said = process.StandardOutput.ReadLine() ?? "";
        Version = said.StartsWith("ready ", StringComparison.Ordinal) ? said[6..] : throw new InvalidOperationException($"{name} did not start.");
    }

    public string Name { get; }

    public string Version { get; }

    /// <summary>All times so far, in milliseconds.</summary>
    public List<double> Times { get; } = [];

    /// <summary>The median of each round.</summary>
    public List<double> Rounds { get; } = [];

    public double Median => Statistics.Median(Times);

    /// <summary>Starts a worker of this program.</summary>
    public static Peer Start(string name, params string[] arguments) => Start(name, OwnProgram(["worker", .. arguments]), []);

    /// <summary>Starts a worker that speaks the same lines.</summary>
    public static Peer Start(string name, string program, string[] arguments, (string Name, string Value)[] environment) =>
        Start(name, new ProcessStartInfo(program, arguments), environment);

    /// <summary>This program with other arguments.</summary>
    public static ProcessStartInfo OwnProgram(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "SegNeXt.Peers.dll")] : [];
        return new ProcessStartInfo(program, [.. prefix, .. arguments]);
    }

    private static Peer Start(string name, ProcessStartInfo start, (string Name, string Value)[] environment)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        foreach ((string variable, string value) in environment)
        {
            start.Environment.TryAdd(variable, value);
        }

        return new Peer(name, Process.Start(start)!);
    }

    /// <summary>A round of a few runs.</summary>
    public void Run(int runs)
    {
        double[] times = [.. Ask($"run {runs}").Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Times.AddRange(times);
        Rounds.Add(Statistics.Median(times));
    }

    /// <summary>What the last run gave.</summary>
    public byte[] Result(string folder)
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.bin");
        Ask($"dump {file}");
        byte[] result = File.ReadAllBytes(file);
        File.Delete(file);
        return result;
    }

    /// <summary>The most memory that the process ever held, in MB.</summary>
    public double Peak() => double.Parse(Ask("peak"), CultureInfo.InvariantCulture) * 1024 / 1e6;

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended at '{line}'.");
    }
}

internal static class Statistics
{
    public static double Median(IReadOnlyCollection<double> values) => Quantile(values, 0.5);

    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return sorted[below] + ((sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]) * (place - below));
    }
}
