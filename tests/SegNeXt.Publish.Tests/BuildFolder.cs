using SegNeXt.TestUtilities;

namespace SegNeXt.Publish.Tests;

/// <summary>
/// A build folder away from the checkout's, shared by the tests of this project, so that no other build is disturbed and
/// what several programs lean on is built once.
/// </summary>
public sealed class BuildFolder : IDisposable
{
    // Half of the compiler's time goes into analyzers, which the checkout's own build has run.
    private const string NoAnalyzers = "-p:RunAnalyzers=false";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Publishes a program, copies the one file that must come of it to a folder of its own, and gives its path.</summary>
    /// <param name="project">The project's path in the repository.</param>
    /// <param name="name">The program's name.</param>
    /// <param name="options">Further words for <c>dotnet publish</c>.</param>
    internal string Publish(string project, string name, params string[] options)
    {
        string published = _folder.File("published", name);
        DotnetTool.Run(["publish", project, "--artifacts-path", _folder.File("build"), "-o", published, NoAnalyzers, .. options]);
        string only = Assert.Single(Directory.GetFiles(published, "*", SearchOption.AllDirectories), static file => !file.EndsWith(".dbg", StringComparison.Ordinal));
        string alone = Path.Combine(Directory.CreateDirectory(_folder.File("alone", name)).FullName, Path.GetFileName(only));
        File.Copy(only, alone);
        return alone;
    }

    /// <summary>Packs the packages into a folder and gives its path.</summary>
    internal string Pack()
    {
        string packed = _folder.File("packages");
        DotnetTool.Run("pack", "SegNeXt.Packages.slnf", "--artifacts-path", _folder.File("build"), "-o", packed, NoAnalyzers);
        return packed;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
