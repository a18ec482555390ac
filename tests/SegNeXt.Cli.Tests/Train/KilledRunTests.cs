using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

/// <summary>The real program, ended from outside in the middle of its work.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const string Kill = "KILL";
    private static readonly string s_interrupt = Signals.InterruptIsIgnored ? "TERM" : "INT";

    // All that a run can remember, and a checkpoint every other iteration, so that many kills meet one being written.
    private static readonly string[] s_settings =
    [
        "train.iterations=16", "train.batch=2", "train.crop=32x32", "train.lr=1e-3", "train.warmup_iterations=4", "train.workers=2",
        "train.ema=0.9", "train.sampler=class_balanced", "train.sampler_threshold=1", "train.early_stop=50", "train.accumulate=2",
        "eval.interval=5", "checkpoint.interval=2", "log.interval=1", "seed=3",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Train_EndedAtRandomMoments_ResumesToTheVeryRunInOnePiece()
    {
        Skip.If(OperatingSystem.IsWindows(), "there are no signals");
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        SmallDataSet.Write(_folder.File("data"));
        Assert.Equal(ExitCode.Done, Start("whole").ExitCodeAtEnd());

        Random random = new(Environment.ProcessId);
        foreach (string signal in new[] { Kill, s_interrupt, Kill })
        {
            int lines = random.Next(1, 4);
            TimeSpan then = TimeSpan.FromMilliseconds(random.Next(0, 400));
            int code = End(signal, lines, then);
            Assert.True(code == (signal == Kill ? 128 + 9 : ExitCode.Interrupted) || code == ExitCode.Done, $"{signal} after {lines} lines and {then.TotalMilliseconds} ms: exit code {code}");
            RequireAWholeCheckpoint(signal, code);
        }

        Assert.Equal(ExitCode.Done, Start("parts").ExitCodeAtEnd());
        AssertSame();
    }

    /// <summary>Starts the run, waits for lines in its log and a while longer, and sends a signal.</summary>
    private int End(string signal, int lines, TimeSpan then)
    {
        using Process process = Start("parts");
        int before = Lines();
        while (!process.HasExited && Lines() < before + lines && Lines() >= before)
        {
            Thread.Sleep(5);
        }

        process.WaitForExit(then);
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        return process.ExitCodeAtEnd();
    }

    private int Lines()
    {
        string log = Path.Combine(_folder.File("parts"), "log.jsonl");
        try
        {
            return File.Exists(log) ? File.ReadAllBytes(log).Count(b => b == (byte)'\n') : 0;
        }
        catch (IOException)
        {
            // Just being replaced.
            return 0;
        }
    }

    private void RequireAWholeCheckpoint(string signal, int code)
    {
        CheckpointStore store = new(_folder.File("parts"));
        if (store.Exists)
        {
            // As every other program would: whatever was being written, one of them can be used.
            string found = Directory.Exists(_folder.File("parts", "last")) ? "last" : "last.previous";
            using ITensorSource weights = TensorFiles.Open(_folder.File("parts", found, "model.safetensors"));
            Assert.NotEmpty(weights.Tensors);
        }

        if (signal == s_interrupt && code == ExitCode.Interrupted)
        {
            int saved = Metadata("parts", "last/optimizer.safetensors", "iteration");
            IReadOnlyList<LogEntry> log = RunLog.Read(_folder.File("parts", "log.jsonl"));
            Assert.Equal(log.Count == 0 ? 0 : log[^1].Iteration, saved);
        }
    }

    private int Metadata(string run, string file, string key)
    {
        using SafetensorsFile source = SafetensorsFile.Open(_folder.File(run, file));
        return int.Parse(source.Metadata[key], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void AssertSame()
    {
        Assert.Equal(Entries("whole"), Entries("parts"));
        foreach (string file in new[] { "last/model.safetensors", "last/ema.safetensors", "last/optimizer.safetensors", "best.safetensors" })
        {
            Assert.True(Values("whole", file).AsSpan().SequenceEqual(Values("parts", file)), $"{file} differs");
        }

        Assert.Equal(Metadata("whole", "best.safetensors", "iteration"), Metadata("parts", "best.safetensors", "iteration"));
        Assert.Equal(Events("whole"), Events("parts"));
        Assert.True(File.Exists(_folder.File("parts", "report.html")));
    }

    private (int Iteration, double Loss, double Rate, double MeanIoU)[] Entries(string run) =>
        [.. RunLog.Read(_folder.File(run, "log.jsonl")).Select(entry => (entry.Iteration, entry["loss"], entry["lr"], entry["mIoU"]))];

    private (string Tag, long Step, float? Value)[] Events(string run) =>
        [.. Directory.GetFiles(_folder.File(run), "events.out.tfevents.*").SelectMany(EventFileReader.Read)
            .Where(e => e.Tag is "train/loss" or "val/mIoU").Select(e => (e.Tag!, e.Step, e.Scalar)).Order()];

    private byte[] Values(string run, string file)
    {
        using SafetensorsFile source = SafetensorsFile.Open(_folder.File(run, file));
        using MemoryStream all = new();
        foreach (TensorInfo tensor in source.Tensors)
        {
            var bytes = new byte[tensor.ByteLength];
            source.ReadBytes(tensor.Name, 0, bytes);
            all.Write(bytes);
        }

        return all.ToArray();
    }

    private Process Start(string run)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] line =
        [
            typeof(CommandLine).Assembly.Location, "train", "--data", _folder.File("data"), "--out", _folder.File(run), "--threads", "1",
            .. TrainedRun.Sets(s_settings), .. Directory.Exists(_folder.File(run)) ? new[] { "--resume" } : [],
        ];
        foreach (string word in line)
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }
}

/// <summary>The end of a process that a test started.</summary>
internal static class ProcessEnd
{
    /// <summary>Waits for the end; the process ends with the test in any case.</summary>
    public static int ExitCodeAtEnd(this Process process)
    {
        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
            {
                process.Kill();
                process.WaitForExit();
                Assert.Fail($"the program does not end; it said: {error.Result}");
            }

            Assert.DoesNotContain("internal error", error.Result, StringComparison.Ordinal);
            _ = output.Result;
            return process.ExitCode;
        }
    }
}
