using System.Diagnostics;
using System.Globalization;

namespace SegNeXt.Training;

/// <summary>The most memory that this process has held at once, as the system counts it.</summary>
/// <remarks><c>Documentation/filesystems/proc.rst</c> of Linux: <c>VmHWM</c>, and <c>5</c> written to <c>clear_refs</c>.</remarks>
public static class PeakMemory
{
    private const string Line = "VmHWM:";

    /// <summary>Bytes since the process began, or since <see cref="Reset"/>.</summary>
    public static long Bytes()
    {
        if (OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[Line.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long kilobytes))
        {
            return kilobytes * 1024;
        }

        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Hands back what the process no longer needs and counts from here on, where the system allows it.</summary>
    public static void Reset()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A kernel without it, or a container that does not let us: then the peak is the whole process's.
        }
    }
}
