namespace SegNeXt.TestUtilities;

/// <summary>The memory that the test's process holds, for tests in <see cref="Alone"/>.</summary>
public static class ResidentMemory
{
    /// <summary>The collection for tests that no other may run beside; each test project defines it, not parallel to the others.</summary>
    public const string Alone = "alone";

    /// <summary>Resident memory in kB once managed garbage is collected; skips the test where it cannot be asked.</summary>
    public static long Kilobytes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: resident memory is read from /proc");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal)).Replace('\t', ' ');
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
