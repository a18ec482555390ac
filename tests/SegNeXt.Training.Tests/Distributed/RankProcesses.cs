using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SegNeXt.RankWorker;

namespace SegNeXt.Training.Tests;

/// <summary>Real processes that compute together on this machine, each with torchrun's variables.</summary>
internal static class RankProcesses
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <summary>What a process left.</summary>
    public sealed record End(int Code, string Output, string Error);

    /// <summary>Runs a scenario of the worker in some processes, and waits for their end.</summary>
    public static End[] Run(int size, string scenario, string output, params string[] options) =>
        RunProgram(size, [typeof(Scenarios).Assembly.Location, scenario, output, .. options]);

    /// <summary>Runs a program of .NET in some processes, and waits for their end.</summary>
    public static End[] RunProgram(int size, params string[] line)
    {
        int port = FreePort();
        Process[] processes = [.. Enumerable.Range(0, size).Select(rank => Start(rank, size, port, line))];
        return [.. processes.Select(Wait)];
    }

    /// <summary>Starts one of the processes.</summary>
    public static Process Start(int rank, int size, int port, params string[] line)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(line, start.ArgumentList.Add);
        (string Name, int Value)[] place = [("RANK", rank), ("WORLD_SIZE", size), ("LOCAL_RANK", rank), ("LOCAL_WORLD_SIZE", size), ("MASTER_PORT", port)];
        foreach ((string name, int value) in place)
        {
            start.Environment[name] = value.ToString(CultureInfo.InvariantCulture);
        }

        start.Environment["MASTER_ADDR"] = "127.0.0.1";
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end, which must come.</summary>
    public static End Wait(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_limit))
            {
                process.Kill();
                Assert.Fail($"a rank does not end; it said: {error.Result}");
            }

            return new End(process.ExitCode, output.Result, error.Result);
        }
    }

    /// <summary>A port that nothing listens at.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
