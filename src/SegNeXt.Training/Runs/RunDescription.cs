namespace SegNeXt.Training;

/// <summary>What a report says of a run itself.</summary>
/// <param name="Command">The exact command line.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Device">Where it trains.</param>
/// <param name="Versions">Names and versions of what it ran on.</param>
public sealed record RunDescription(string Command, DateTimeOffset Started, string Device, IReadOnlyDictionary<string, string> Versions);
