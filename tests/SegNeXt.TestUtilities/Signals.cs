using System.Globalization;

namespace SegNeXt.TestUtilities;

/// <summary>What the processes that a test starts make of signals.</summary>
public static class Signals
{
    /// <summary>
    /// Whether SIGINT does nothing to them, because this process was started that way, as a shell without job control starts
    /// what it puts in the background.
    /// </summary>
    public static bool InterruptIsIgnored { get; } = ReadIgnored(2);

    private static bool ReadIgnored(int signal)
    {
        const string Field = "SigIgn:", Status = "/proc/self/status";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is not null && (ulong.Parse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }
}
