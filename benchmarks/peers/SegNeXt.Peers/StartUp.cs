using System.Diagnostics;
using System.Globalization;
using SegNeXt.Inference;

namespace SegNeXt.Peers;

/// <summary>
/// How long a program waits before the engine can take a picture: file opened, weights folded, picture planned. In a process of
/// its own, since most of it is code that is compiled for the first time.
/// </summary>
internal static class StartUp
{
    /// <summary>The process: opens a model, prints the milliseconds, and ends.</summary>
    public static int Run(Arguments arguments)
    {
        string weights = arguments.Text("--weights");
        int threads = arguments.Whole("--threads", 2);
        long start = Stopwatch.GetTimestamp();
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(weights, threads);
        segmenter.Prepare(512, 512);
        double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine(ms.ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>Milliseconds of so many processes, one after the other.</summary>
    public static double[] Measure(string weights, int threads, int processes)
    {
        var times = new double[processes];
        for (int i = 0; i < processes; i++)
        {
            ProcessStartInfo start = Peer.OwnProgram("start-up", "--weights", weights, "--threads", $"{threads}");
            start.RedirectStandardOutput = true;
            using Process process = Process.Start(start)!;
            times[i] = double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
            process.WaitForExit();
        }

        return times;
    }
}
