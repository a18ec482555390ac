using System.Globalization;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>What <c>run.json</c> says: how the run was started, where, and what it took.</summary>
internal sealed record RunInfo
{
    public string? Command { get; init; }

    public DateTimeOffset? Started { get; init; }

    public string? Device { get; init; }

    public double Parameters { get; init; } = double.NaN;

    public double Seconds { get; init; } = double.NaN;

    /// <summary>Why the run ended before its last iteration; null where it did not.</summary>
    public string? Ended { get; init; }

    /// <summary>Names and versions of the software, in the file's order.</summary>
    public IReadOnlyList<(string Name, string Version)> Versions { get; init; } = [];

    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="InputException">The file is no JSON object.</exception>
    public static RunInfo? Read(string path)
    {
        if (JsonFile.Read(path) is not JsonElement root)
        {
            return null;
        }

        List<(string, string)> versions = [];
        if (root.TryGetProperty("versions", out JsonElement element) && element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                versions.Add((property.Name, property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText()));
            }
        }

        bool dated = DateTimeOffset.TryParse(root.Text("started"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset started);
        return new RunInfo
        {
            Command = CommandOf(root),
            Started = dated ? started : null,
            Device = root.Text("device"),
            Parameters = root.Number("parameters"),
            Seconds = root.Number("seconds"),
            Ended = root.Text("ended"),
            Versions = versions,
        };
    }

    /// <summary>The command as one text, whether the file has it so or as a list of arguments.</summary>
    private static string? CommandOf(JsonElement root)
    {
        string[] arguments = [.. root.Items("command").Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)];
        return arguments.Length == 0 ? root.Text("command") : string.Join(' ', arguments.Select(Quote));
    }

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c, StringComparison.Ordinal))
            ? argument
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
