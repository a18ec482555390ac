using System.Globalization;

namespace SegNeXt.Cli;

/// <summary>What becomes of a launch: one exit code, and one sentence where something failed.</summary>
/// <param name="Code">The exit code of the first rank that failed; else 130 after a stop, 1 where some inputs failed, 0.</param>
/// <param name="Sentence">Which rank failed and why, or null.</param>
internal sealed record RankVerdict(int Code, string? Sentence)
{
    private const string Prefix = "segnext: ";

    /// <summary>Judges.</summary>
    /// <param name="ends">How each rank ended.</param>
    /// <param name="resumes">Whether the command goes on by <c>--resume</c>.</param>
    public static RankVerdict Of(IReadOnlyList<RankEnd> ends, bool resumes)
    {
        // A rank that fails for another's sake leaves the word to that one.
        RankEnd[] failed = [.. ends.Where(end => end.IsFailure && !end.WasKilled).OrderBy(end => end.Failure is null && end.Code == ExitCode.Unusable).ThenBy(end => end.At)];
        if (failed.Length > 0)
        {
            return new RankVerdict(failed[0].Code, Describe(failed, ends.Count, resumes));
        }

        RankEnd? stopped = ends.FirstOrDefault(end => end.Code == ExitCode.Interrupted || end.WasKilled);
        return stopped is not null
            ? new RankVerdict(ExitCode.Interrupted, ends.Select(end => end.Failure).FirstOrDefault(text => text is not null) ?? Prefix + "interrupted.")
            : new RankVerdict(ends.Max(end => end.Code), null);
    }

    private static string Describe(RankEnd[] failed, int count, bool resumes)
    {
        RankEnd first = failed[0];

        // What all find alike is nobody's own.
        if (first.Failure is { } text && (count == 1 || (failed.Length == count && failed.All(end => end.Failure == text))))
        {
            return text;
        }

        string others = count == 1 ? "" : "; the others were stopped";
        string remedy = resumes && first.Failure is null ? ", and --resume goes on from the last checkpoint" : "";
        string what = first.Failure is { } sentence
            ? $"failed: {(sentence.StartsWith(Prefix, StringComparison.Ordinal) ? sentence[Prefix.Length..] : sentence).TrimEnd().TrimEnd('.')}"
            : first.Code > 128 ? $"was ended by {SignalName(first.Code - 128)}"
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {first.Code} and without a word");
        return $"{Prefix}rank {first.Rank} of {count} {what}{others}{remedy}.";
    }

    private static string SignalName(int signal) => signal switch
    {
        4 => "SIGILL, a fault of native code",
        6 => "SIGABRT, a fault of native code",
        7 => "SIGBUS, for want of memory or a fault of native code",
        8 => "SIGFPE, a fault of native code",
        9 => "SIGKILL, by somebody's hand or by the system for want of memory",
        11 => "SIGSEGV, a fault of native code",
        15 => "SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
    };
}
