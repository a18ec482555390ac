namespace SegNeXt.Cli;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCode
{
    /// <summary>All done.</summary>
    public const int Done = 0;

    /// <summary>Some inputs failed, each named on standard error; the rest is done.</summary>
    public const int SomeFailed = 1;

    /// <summary>Wrong usage, or an input without which nothing can be done.</summary>
    public const int Unusable = 2;

    /// <summary>Interrupted (128 + SIGINT, as shells count).</summary>
    public const int Interrupted = 130;
}
