namespace SegNeXt.TestUtilities;

/// <summary>Where tests find their data, whatever folder they run from.</summary>
public static class TestPaths
{
    /// <summary>The repository's root: the nearest folder above that holds <c>global.json</c>.</summary>
    public static string Repository { get; } = FindUp(AppContext.BaseDirectory, "global.json");

    /// <summary>The golden data that travels with the repository.</summary>
    public static string Golden { get; } = Path.Combine(Repository, "tests", "golden");

    /// <summary>
    /// The folder of shared data beside the checkout (<c>../shared</c>, or <c>SEGNEXT_SHARED</c>), or null in a
    /// stranger's clone.
    /// </summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A path in the shared data; skips the test where there is none.</summary>
    /// <param name="parts">Path below the shared folder.</param>
    public static string RequireShared(params string[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Skip.If(Shared is null, "skipped: no shared data");
        string path = Path.Combine([Shared!, .. parts]);
        Skip.IfNot(Path.Exists(path), "skipped: no shared data");
        return path;
    }

    /// <summary>A golden file: the copy in the repository if there is one, else the shared one; else the test is skipped.</summary>
    /// <param name="name">File name in the golden folder.</param>
    public static string RequireGolden(string name)
    {
        string local = Path.Combine(Golden, name);
        return Path.Exists(local) ? local : RequireShared("golden", name);
    }

    private static string? FindShared()
    {
        string? chosen = Environment.GetEnvironmentVariable("SEGNEXT_SHARED");
        string folder = string.IsNullOrEmpty(chosen) ? Path.Combine(Repository, "..", "shared") : chosen;
        return Directory.Exists(Path.Combine(folder, "golden")) ? Path.GetFullPath(folder) : null;
    }

    private static string FindUp(string start, string name)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, name)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {start} holds {name}.");
    }
}
