using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>libtorch made ready for a command: threads set, device checked.</summary>
public static class TorchSetup
{
    /// <summary>Sets the number of threads and how a GPU rounds, checks the number format, and gives the device.</summary>
    /// <param name="options">All of it.</param>
    /// <exception cref="InputException">libtorch is missing, there is no such device, or it does not compute in the format.</exception>
    public static Device Open(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Device device = Open(options.Device, options.Threads);
        options.Precision.Require(device, "--precision");
        CudaSettings.Apply(options.Tf32);
        return device;
    }

    /// <summary>Sets the number of threads and gives the device.</summary>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; of several processes on a host each takes another GPU for <c>cuda</c>.</param>
    /// <param name="threads">CPU threads, or null for one per core.</param>
    /// <exception cref="InputException">libtorch is missing, or there is no such device.</exception>
    public static Device Open(string device, int? threads)
    {
        if (!TorchRuntime.IsAvailable(out string? reason))
        {
            throw new InputException($"Training and the torch engine need libtorch: {char.ToLowerInvariant(reason[0])}{reason[1..]}");
        }

        TorchRuntime.Threads = ThreadCount.Resolve(threads);

        // Sub-normal numbers slow the CPU down many times; they carry nothing here.
        TorchRuntime.FlushDenormals = true;

        Device parsed;
        try
        {
            parsed = Device.Parse(device);
        }
        catch (FormatException)
        {
            throw new InputException($"There is no device '{device}'; devices are cpu, cuda and cuda:N.");
        }

        if (parsed.Type == DeviceType.Cuda && !TorchRuntime.CudaAvailable)
        {
            throw new InputException($"Device '{device}' was asked for, but libtorch sees no CUDA device here; use --device cpu.");
        }

        if (parsed.Type == DeviceType.Cuda && parsed.Index >= TorchRuntime.CudaDeviceCount)
        {
            throw new InputException($"Device '{device}' was asked for, but there are {TorchRuntime.CudaDeviceCount} CUDA devices, counted from 0.");
        }

        return string.Equals(device, "cuda", StringComparison.OrdinalIgnoreCase) ? OwnGpu(RankEnvironment.Detect(), TorchRuntime.CudaDeviceCount) : parsed;
    }

    /// <summary>The GPU of a process that was told to use one, but not which.</summary>
    /// <param name="place">The process's place among a launcher's, or null: then the first.</param>
    /// <param name="gpus">GPUs that the process sees: all of the host's, or one that its launcher has chosen for it.</param>
    internal static Device OwnGpu(RankEnvironment? place, int gpus) => new(DeviceType.Cuda, (place?.LocalRank ?? 0) % gpus);
}
