namespace SegNeXt.Core.Tests;

/// <summary>Environments for tests.</summary>
internal static class Variables
{
    /// <summary>The text "A=1 B=2" as an environment.</summary>
    public static Func<string, string?> Of(string variables)
    {
        Dictionary<string, string> values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
