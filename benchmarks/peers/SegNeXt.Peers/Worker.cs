using System.Diagnostics;
using System.Globalization;

namespace SegNeXt.Peers;

/// <summary>
/// A process of one engine's own. It opens the model, warms up, says <c>ready VERSION</c>, and then obeys its standard input
/// line by line: <c>run N</c> answers N times in milliseconds, <c>dump FILE</c> writes what the last run gave, <c>peak</c>
/// answers the most memory that the process ever held, in kB. <c>infer.py</c> speaks the same.
/// </summary>
internal static class Worker
{
    public static int Run(Arguments arguments)
    {
        using IEngineRun engine = EngineRuns.Open(arguments);
        int runs = arguments.Whole("--warmup-runs", 5), seconds = arguments.Whole("--warmup-seconds", 3);
        Stopwatch warming = Stopwatch.StartNew();
        for (int i = 0; i < runs || warming.Elapsed.TotalSeconds < seconds; i++)
        {
            engine.Run();
        }

        Answer($"ready {engine.Version}");
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', 2);
            switch (words[0])
            {
                case "run":
                    Answer(string.Join(' ', Time(engine, int.Parse(words[1])).Select(ms => ms.ToString("R", CultureInfo.InvariantCulture))));
                    break;
                case "dump":
                    File.WriteAllBytes(words[1], engine.Result());
                    Answer("done");
                    break;
                case "peak":
                    string peak = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
                    Answer(peak.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]);
                    break;
                default:
                    return 2;
            }
        }

        return 0;
    }

    private static double[] Time(IEngineRun engine, int runs)
    {
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            engine.Run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }

    private static void Answer(string text)
    {
        Console.Out.WriteLine(text);
        Console.Out.Flush();
    }
}
