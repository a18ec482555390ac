using System.Globalization;

namespace SegNeXt.Training;

/// <summary>
/// How much memory the process can still take before the system ends it: what the machine has free or can free, and what
/// the limits of its control groups (a container's, a batch job's) leave.
/// </summary>
/// <remarks><c>Documentation/filesystems/proc.rst</c>, <c>cgroup-v1/memory.rst</c> and <c>cgroup-v2.rst</c> of Linux.</remarks>
internal static class AvailableMemory
{
    /// <summary>Bytes that can still be taken; swap space counts.</summary>
    public static long Bytes() => OperatingSystem.IsLinux() ? Bytes("/") : Elsewhere();

    /// <summary>The same on a Linux whose <c>/proc</c> and <c>/sys</c> lie below a folder.</summary>
    internal static long Bytes(string root)
    {
        long available = Machine(Path.Combine(root, "proc/meminfo"));
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // HIERARCHY:CONTROLLERS:PATH; version 2 has one hierarchy, without controllers.
            string[] parts = line.Split(':', 3);
            if (parts is [_, var controllers, var path] && (controllers.Length == 0 || controllers.Split(',').Contains("memory")))
            {
                string mount = Path.Combine(root, controllers.Length == 0 ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
                available = Math.Min(available, Group(mount, path, controllers.Length == 0));
            }
        }

        return available;
    }

    private static long Elsewhere()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        return Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
    }

    private static long Machine(string path)
    {
        Dictionary<string, long> kilobytes = Numbers(path);
        return kilobytes.TryGetValue("MemAvailable:", out long free) ? (free + kilobytes.GetValueOrDefault("SwapFree:")) * 1024 : Elsewhere();
    }

    /// <summary>What the limits of a group and of all above it leave.</summary>
    private static long Group(string mount, string path, bool second)
    {
        long left = long.MaxValue;
        for (string? group = path; group is not null; group = Path.GetDirectoryName(group))
        {
            // Inside a container the path is the host's, and the group itself is what is mounted: its own path is not there.
            string folder = Path.Combine(mount, group.TrimStart('/'));
            if (One(Path.Combine(folder, second ? "memory.max" : "memory.limit_in_bytes")) is { } limit
                && One(Path.Combine(folder, second ? "memory.current" : "memory.usage_in_bytes")) is { } used)
            {
                Dictionary<string, long> details = Numbers(Path.Combine(folder, "memory.stat"));
                long files = second
                    ? details.GetValueOrDefault("active_file") + details.GetValueOrDefault("inactive_file")
                    : details.GetValueOrDefault("total_active_file") + details.GetValueOrDefault("total_inactive_file");
                left = Math.Min(left, Math.Max(0, limit - Math.Max(0, used - files)));
            }
        }

        return left;
    }

    /// <summary>The number in a file; null where there is none, as for "max".</summary>
    private static long? One(string path) =>
        Lines(path) is [var text, ..] && long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Lines of a name and a number.</summary>
    private static Dictionary<string, long> Numbers(string path)
    {
        Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        foreach (string line in Lines(path))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var text, ..] && long.TryParse(text, CultureInfo.InvariantCulture, out long number))
            {
                numbers[name] = number;
            }
        }

        return numbers;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
