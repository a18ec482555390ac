using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Peers;

/// <summary>
/// Engines side by side: each in a process of its own, run in turn in short rounds whose order changes, so that whatever else the
/// machine does hits all of them. Figures are medians, and their ratios with the quartiles of the rounds' ratios.
/// </summary>
internal sealed class Comparison(Arguments arguments)
{
    private readonly string _folder = arguments.Text("--folder");
    private readonly string _python = arguments.Text("--python", "/usr/bin/python3");
    private readonly string _script = arguments.Text("--script");
    private readonly string _library = arguments.Text("--library");
    private readonly string _spinning = arguments.Text("--spinning", "yes");
    private readonly int _threads = arguments.Whole("--threads", 2);
    private readonly int _rounds = arguments.Whole("--rounds", 8);
    private readonly int _runs = arguments.Whole("--runs", 5);
    private readonly bool _largest = arguments.Text("--largest", "yes") == "yes";
    private bool _torch;
    private bool _begun;

    public int Run()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        _torch = HasTorch();
        if (!_torch)
        {
            Note($"{_python} has no PyTorch (Debian: apt-get install -y python3-torch); it is left out.");
        }

        Print($"{Processor()}, {_threads} threads; medians of {_rounds} rounds of {_runs} runs in turn, in milliseconds; ratios with the quartiles of the rounds'");
        foreach (string size in arguments.Text("--sizes", "t,b").Split(','))
        {
            Network(size);
        }

        List<(string Name, double Megabytes)> peaks = EndToEnd();
        double perPixel = PerPixel();
        Print("");
        Print("| peak memory of the process | MB |");
        Print("|---|---|");
        foreach ((string name, double megabytes) in peaks)
        {
            Print($"| 1024×2048, JPEG to class ids, {name} | {megabytes:0} |");
        }

        if (_largest)
        {
            Print($"| 8192×8192, T, 19 classes, pixels to logits, SegNeXt.NET | {Largest():0} |");
        }

        Print("");
        Print($"Time per pixel at 2048×2048 ÷ at 512×512, T, 150 classes, SegNeXt.NET: {perPixel:0.00}");
        double[] startUps = StartUp.Measure(Path.Combine(_folder, "t-150.safetensors"), _threads, processes: 12);
        Print($"Start-up, T, file opened, weights folded, 512×512 planned: {Statistics.Median(startUps):0} ms ({startUps.Min():0}–{startUps.Max():0} in {startUps.Length} new processes)");
        return 0;
    }

    /// <summary>The network alone at 512×512 with 150 classes.</summary>
    private void Network(string size)
    {
        string picture = Pixels(512, 512);
        string[] common = ["--task", "network", "--picture", picture, "--height", "512", "--width", "512", "--threads", $"{_threads}"];
        string weights = Path.Combine(_folder, $"{size}-150.safetensors");
        using Peer here = Peer.Start("SegNeXt.NET", [.. common, "--engine", "managed", "--weights", weights]);
        using Peer onnx = Peer.Start("ONNX Runtime", [.. common, "--engine", "onnx", "--library", _library, "--spinning", _spinning, "--onnx", Path.Combine(_folder, $"{size}-150-512x512.onnx")]);
        using Peer? torch = Torch([.. common, "--weights", weights, "--size", size]);
        using Peer? channelsLast = Torch([.. common, "--weights", weights, "--size", size, "--layout", "channels-last"]);
        Peer[] peers = [.. new[] { here, onnx, torch, channelsLast }.OfType<Peer>()];
        Interleave(_runs, peers);
        float[] expected = MemoryMarshal.Cast<byte, float>(here.Result(_folder)).ToArray();
        foreach (Peer peer in peers[1..])
        {
            Agree(peer, expected);
        }

        if (!_begun)
        {
            _begun = true;
            Print("");
            Print($"| | SegNeXt.NET ({here.Version}) | ONNX Runtime {onnx.Version} | PyTorch {torch?.Version} eager | the same, channels-last | ONNX Runtime ÷ here | PyTorch ÷ here |");
            Print("|---|---|---|---|---|---|---|");
        }

        Print($"| network, {size.ToUpperInvariant()}, 512×512, 150 classes | {here.Median:0.0} | {onnx.Median:0.0} | {Show(torch)} | {Show(channelsLast)} | {Ratio(onnx, here)} | {(torch is null ? "" : Ratio(torch, here))} |");
    }

    /// <summary>A JPEG's bytes to class ids at its size; around ONNX Runtime both ways, and the quicker one counts.</summary>
    private List<(string Name, double Megabytes)> EndToEnd()
    {
        string picture = Path.Combine(_folder, "street-1024x2048.jpg"), weights = Path.Combine(_folder, "t-19.safetensors");
        File.WriteAllBytes(picture, JpegWriter.Encode(StreetScenes.Render(1, 2048, 1024).Image));
        string[] common = ["--picture", picture, "--threads", $"{_threads}"];
        using Peer here = Peer.Start("SegNeXt.NET", [.. common, "--task", "chain", "--engine", "managed", "--weights", weights]);
        using Peer outside = Peer.Start("ONNX Runtime, argmax outside", [.. common, "--task", "chain", "--engine", "onnx", "--library", _library, "--spinning", _spinning, "--onnx", Path.Combine(_folder, "t-19-1024x2048.onnx")]);
        using Peer inside = Peer.Start("ONNX Runtime, argmax in the graph", [.. common, "--task", "chain-argmax", "--engine", "onnx", "--library", _library, "--spinning", _spinning, "--onnx", Path.Combine(_folder, "t-19-1024x2048-argmax.onnx")]);
        Interleave(Math.Max(3, _runs / 2), here, outside, inside);
        byte[] expected = here.Result(_folder);
        foreach (Peer peer in new[] { outside, inside })
        {
            byte[] ids = peer.Result(_folder);
            int other = ids.Zip(expected).Count(pair => pair.First != pair.Second);
            Require(ids.Length == expected.Length && other <= ids.Length / 1000, $"{peer.Name}: {other} of {expected.Length} pixels have another class");
            Note($"{peer.Name}: {other} of {expected.Length} pixels have another class than here");
        }

        Peer quicker = outside.Median < inside.Median ? outside : inside;
        Print($"| JPEG to class ids, T, 1024×2048, 19 classes | {here.Median:0} | {outside.Median:0}; argmax in the graph {inside.Median:0} | | | {Ratio(quicker, here)} | |");
        return [.. new[] { here, outside, inside }.Select(peer => (peer.Name, peer.Peak()))];
    }

    private double PerPixel()
    {
        using Peer small = Managed("t-150", 512, 512), large = Managed("t-150", 2048, 2048);
        for (int round = 0; round < _rounds; round++)
        {
            small.Run(_runs * 4);
            large.Run(Math.Max(3, _runs / 2));
        }

        return large.Median / small.Median / 16;
    }

    private double Largest()
    {
        using Peer peer = Managed("t-19", 8192, 8192, "--warmup-runs", "1", "--warmup-seconds", "0");
        return peer.Peak();
    }

    private Peer Managed(string weights, int height, int width, params string[] more) => Peer.Start(
        $"SegNeXt.NET {height}×{width}",
        ["--engine", "managed", "--task", "network", "--weights", Path.Combine(_folder, $"{weights}.safetensors"), "--picture", Pixels(height, width),
            "--height", $"{height}", "--width", $"{width}", "--threads", $"{_threads}", .. more]);

    private Peer? Torch(string[] words) => _torch
        // The same as benchmarks/train-step.sh sets and why it does: with libgomp's default a busy machine would slow PyTorch down several times.
        ? Peer.Start("PyTorch", _python, [_script, .. words], [("GOMP_SPINCOUNT", "1000")])
        : null;

    private bool HasTorch()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(_python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Rounds in turn, the first of a round another one each time; a pause lets the last one's threads come to rest.</summary>
    private void Interleave(int runs, params Peer[] peers)
    {
        for (int round = 0; round < _rounds; round++)
        {
            for (int i = 0; i < peers.Length; i++)
            {
                Thread.Sleep(50);
                peers[(round + i) % peers.Length].Run(runs);
            }
        }
    }

    /// <summary>Pixels of a rendered street as raw bytes, in a file.</summary>
    private string Pixels(int height, int width)
    {
        string path = Path.Combine(_folder, $"street-{height}x{width}.rgb");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, StreetScenes.Render(1, width, height).Image.Pixels);
        }

        return path;
    }

    private void Agree(Peer peer, float[] expected)
    {
        float[] logits = MemoryMarshal.Cast<byte, float>(peer.Result(_folder)).ToArray();
        Require(logits.Length == expected.Length, $"{peer.Name} gives {logits.Length} logits, not {expected.Length}");
        double worst = logits.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / (expected.Max() - expected.Min());
        Require(worst <= 1e-4, $"{peer.Name}'s logits differ by {worst:0.0e+0} of their range");
        Note($"{peer.Name} {peer.Version}: logits within {worst:0.0e+0} of their range of those here");
    }

    private static string Show(Peer? peer) => peer is null ? "" : $"{peer.Median:0}";

    private static string Ratio(Peer other, Peer here)
    {
        double[] rounds = [.. other.Rounds.Zip(here.Rounds, (a, b) => a / b)];
        return $"**{other.Median / here.Median:0.00}** ({Statistics.Quantile(rounds, 0.25):0.00}–{Statistics.Quantile(rounds, 0.75):0.00})";
    }

    private static string Processor()
    {
        string? name = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim();
        return name ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The engines do not agree, so nothing is compared: {fault}.");
        }
    }

    private static void Print(string line) => Console.Out.WriteLine(line);

    private static void Note(string line) => Console.Error.WriteLine(line);
}
