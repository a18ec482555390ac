using System.Globalization;

namespace SegNeXt.Core;

/// <summary>How many CPU threads an engine uses.</summary>
public static class ThreadCount
{
    /// <summary>More only wait for each other: a picture then takes minutes, and very many use up the memory.</summary>
    private const int MaxPerCore = 16;

    /// <summary>The number of threads for what was asked for.</summary>
    /// <param name="asked">At least 1, or null for one per core; where a launcher started several processes on this host, for this process's share of the cores.</param>
    /// <exception cref="InputException">It is far more than the machine has cores, or a launcher's variables are malformed.</exception>
    public static int Resolve(int? asked)
    {
        int cores = Environment.ProcessorCount;
        return asked > MaxPerCore * cores
            ? throw new InputException($"{asked} threads were asked for, but this machine has {cores} cores; one per core is best, and {MaxPerCore} the most.")
            : asked ?? Share(Environment.GetEnvironmentVariable, cores, OnlineCores() ?? cores);
    }

    /// <summary>This process's share of the cores among those that a launcher started on this host.</summary>
    /// <param name="read">The value of an environment variable.</param>
    /// <param name="visible">Cores that the process may use.</param>
    /// <param name="online">Cores that the host has.</param>
    /// <exception cref="InputException">A launcher's variable is malformed.</exception>
    internal static int Share(Func<string, string?> read, int visible, int online)
    {
        if (RankEnvironment.Detect(read) is not { } place)
        {
            return visible;
        }

        if (place.Source == SlurmRanks.Source
            && int.TryParse(read("SLURM_CPUS_PER_TASK"), NumberStyles.None, CultureInfo.InvariantCulture, out int own) && own > 0)
        {
            return Math.Min(own, visible);
        }

        // torchrun leaves all cores that it sees to each of its processes. mpirun and srun may have bound each process to some
        // of the host's, its own or those that it shares with a few others; what it sees is then less than what there is.
        return place.Source == TorchrunRanks.Source
            ? Math.Max(1, visible / place.LocalWorldSize)
            : Math.Min(visible, Math.Max(1, online / place.LocalWorldSize));
    }

    /// <summary>The host's cores, whatever this process is bound to; null where the system does not say.</summary>
    private static int? OnlineCores()
    {
        try
        {
            // Such as 0-3,8-11.
            int count = 0;
            foreach (string range in File.ReadAllText("/sys/devices/system/cpu/online").Trim().Split(','))
            {
                int[] ends = [.. range.Split('-').Select(text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))];
                count += ends[^1] - ends[0] + 1;
            }

            return count > 0 ? count : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return null;
        }
    }
}
