using System.Globalization;
using System.Runtime.InteropServices;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Cli;

/// <summary>A part that commands lean on, and whether this machine has it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Purpose">What works with it.</param>
/// <param name="Available">Whether it is there.</param>
/// <param name="Detail">Its version or build where it is there; else what is wrong.</param>
/// <param name="Install">The command that brings it.</param>
internal sealed record Dependency(string Name, string Purpose, bool Available, string Detail, string Install);

/// <summary>What this machine is and has, as <c>segnext check</c> tells it.</summary>
internal sealed record MachineReport
{
    /// <summary>Processor's name, as far as the system tells.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical cores that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that this process may use, in MiB.</summary>
    public required long MemoryMegabytes { get; init; }

    /// <summary>Vector instruction sets that both the processor and the runtime have.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>libtorch and what it runs on.</summary>
    public required TorchReport Torch { get; init; }

    /// <summary>Everything that a command may lean on.</summary>
    public required IReadOnlyList<Dependency> Dependencies { get; init; }

    /// <summary>Looks at the machine.</summary>
    public static MachineReport Create()
    {
        TorchReport torch = TorchReport.Create();
        return new MachineReport
        {
            Processor = ReadProcessor(),
            Cores = Environment.ProcessorCount,
            MemoryMegabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
            InstructionSets = Cli.InstructionSets.Available(),
            Torch = torch,
            Dependencies =
            [
                new Dependency(
                    "libtorch", "train, demo, --engine torch", torch.Available, torch.Available ? $"version {torch.Version}" : torch.Reason,
                    "apt install libtorch-dev libopenblas0-pthread cmake g++ make, then ./segnext check"),
                OfLibrary(ImageLibrary.TurboJpeg),
                OfLibrary(ImageLibrary.Spng),
                OfFfmpeg(),
            ],
        };
    }

    private static Dependency OfLibrary(ImageLibrary library) =>
        new(library.Name, library.Purpose, library.IsAvailable, library.IsAvailable ? "found" : "not found", library.InstallCommand);

    private static Dependency OfFfmpeg()
    {
        string? file = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg"))
            .FirstOrDefault(File.Exists);
        return new Dependency("ffmpeg", "videos, cameras and streams in predict", file is not null, file ?? "not found", "apt install ffmpeg");
    }

    private static string ReadProcessor()
    {
        const string Cpuinfo = "/proc/cpuinfo";
        string? line = File.Exists(Cpuinfo)
            ? File.ReadLines(Cpuinfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLower(CultureInfo.InvariantCulture);
        return line is null ? architecture : $"{line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()} ({architecture})";
    }
}

/// <summary>libtorch on this machine.</summary>
/// <param name="Available">Whether the binding and libtorch load.</param>
/// <param name="Reason">Why not, or empty.</param>
/// <param name="Version">The version that the binding was built against.</param>
/// <param name="Build">libtorch's description of its build, in lines.</param>
/// <param name="Blas">The file of the BLAS library that is loaded, where the system tells.</param>
/// <param name="CudaDevices">Usable CUDA devices.</param>
internal sealed record TorchReport(bool Available, string Reason, string Version, IReadOnlyList<string> Build, string? Blas, int CudaDevices)
{
    /// <summary>Loads libtorch and asks it.</summary>
    public static TorchReport Create()
    {
        if (!TorchRuntime.IsAvailable(out string? reason))
        {
            return new TorchReport(false, reason.ReplaceLineEndings(" "), "", [], null, 0);
        }

        string[] build = TorchRuntime.BuildConfig.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new TorchReport(true, "", TorchRuntime.Version, build, LoadedBlas(), TorchRuntime.CudaDeviceCount)
        {
            DataParallel = [.. new[] { (Name: "gloo", Backend: DistributedBackend.Gloo), (Name: "nccl", Backend: DistributedBackend.Nccl) }
                .Where(entry => ProcessGroup.IsAvailable(entry.Backend)).Select(entry => entry.Name)],
        };
    }

    /// <summary>What carries data-parallel training here, empty for none.</summary>
    public IReadOnlyList<string> DataParallel { get; init; } = [];

    /// <summary>Whether matrix products go to the reference BLAS, which is many times slower than an optimised one.</summary>
    public bool IsBlasSlow => Blas is not null && Blas.Contains("/blas/", StringComparison.Ordinal);

    // Debian's libtorch takes whatever libblas.so.3 stands for, which no version number shows: the process's map does.
    private static string? LoadedBlas()
    {
        const string Maps = "/proc/self/maps";
        return File.Exists(Maps)
            ? File.ReadLines(Maps)
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => Path.GetFileName(path) is { } name
                    && (name.StartsWith("libblas.so", StringComparison.Ordinal)
                        || name.StartsWith("libopenblas", StringComparison.Ordinal)
                        || name.StartsWith("libmkl_rt", StringComparison.Ordinal)))
            : null;
    }
}
