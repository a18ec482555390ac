namespace SegNeXt.Cli;

/// <summary>What the models of a comparison are called.</summary>
internal static class ModelNames
{
    /// <summary>Names of files that many runs have; then the run's folder tells more.</summary>
    private static readonly string[] s_common = ["best", "last", "model", "weights"];

    /// <summary>
    /// Splits <c>NAME=FILE</c>; a file alone is called by its name without ending, or by its folder where the name says nothing.
    /// Names that are alike are numbered.
    /// </summary>
    /// <param name="arguments">What <c>--weights</c> was given.</param>
    public static IReadOnlyList<(string Name, string Path)> Of(IReadOnlyList<string> arguments)
    {
        List<(string Name, string Path)> named = [];
        Dictionary<string, int> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string argument in arguments)
        {
            (string name, string path) = Split(argument);
            seen[name] = seen.GetValueOrDefault(name) + 1;
            named.Add((seen[name] == 1 ? name : $"{name} ({seen[name]})", path));
        }

        return named;
    }

    private static (string Name, string Path) Split(string argument)
    {
        int sign = argument.IndexOf('=', StringComparison.Ordinal);
        if (sign > 0 && sign < argument.Length - 1 && !File.Exists(argument))
        {
            return (argument[..sign], argument[(sign + 1)..]);
        }

        string name = Path.GetFileNameWithoutExtension(argument);
        string? folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(argument)));
        return (s_common.Contains(name, StringComparer.OrdinalIgnoreCase) && !string.IsNullOrEmpty(folder) ? folder : name, argument);
    }
}
