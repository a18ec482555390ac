using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

using SegNeXt.TestUtilities;

namespace SegNeXt.Torch.Tests;

public sealed partial class NativeAbiTests
{
    private static readonly string s_header =
        File.ReadAllText(Path.Combine(TestPaths.Repository, "native", "include", "segnext_torch.h"));

    [Fact]
    public void AbiVersion_HeaderLibraryAndAssembly_Agree()
    {
        Match match = VersionPattern().Match(s_header);

        Assert.Equal(NativeLoader.AbiVersion.ToString(), match.Groups[1].Value);
        Assert.Equal(NativeLoader.AbiVersion, Native.AbiVersion());
    }

    [Fact]
    public void Imports_Header_AreTheSameEntries()
    {
        IEnumerable<string> declared = EntryPattern().Matches(s_header).Select(static match => match.Groups[1].Value);
        IEnumerable<string?> imported = typeof(Native)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(static method => method.GetCustomAttribute<DllImportAttribute>()?.EntryPoint)
            .Where(static name => name is not null);

        Assert.Equal(declared.Order(StringComparer.Ordinal), imported.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Library_EveryDeclaredEntry_IsExported()
    {
        nint library = NativeLoader.EnsureLoaded();

        Assert.All(
            EntryPattern().Matches(s_header),
            match => Assert.True(NativeLibrary.TryGetExport(library, match.Groups[1].Value, out _), match.Value));
    }

    [Fact]
    public void Load_NoFile_SaysWhereAndHow()
    {
        TorchException error = Assert.Throws<TorchException>(() => NativeLoader.Load(["/nowhere/a.so", "/nowhere/b.so"]));

        Assert.Equal(
            "The native library was not found; looked for /nowhere/a.so, /nowhere/b.so. Run ./segnext in a checkout to " +
            "build it, or set SEGNEXT_NATIVE to its file or folder.",
            error.Message);
    }

    [Fact]
    public void Load_NoLibrary_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("libsegnext_torch.so");
        File.WriteAllText(path, "not a library");

        TorchException error = Assert.Throws<TorchException>(() => NativeLoader.Load([path]));

        Assert.StartsWith($"The native library {path} cannot be loaded: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_OtherAbi_IsRefused()
    {
        // Any other library will do: it does not answer with this ABI's version.
        string path = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*System.Native.*")
            .First(static file => !file.EndsWith(".dll", StringComparison.Ordinal));

        TorchException error = Assert.Throws<TorchException>(() => NativeLoader.Load([path]));

        Assert.Equal(
            $"The native library {path} has ABI version 0, this program needs {NativeLoader.AbiVersion}. Run ./segnext in " +
            "the checkout to rebuild it.",
            error.Message);
    }

    [Fact]
    public void Candidates_NoChoice_AreBesideTheProgramThenInTheCheckout()
    {
        string[] paths = [.. NativeLoader.Candidates(null, AppContext.BaseDirectory)];

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(paths[0])), paths[0]);
        Assert.StartsWith(
            Path.Combine(TestPaths.Repository, "artifacts", "native"), paths[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Candidates_Choice_IsTheOnlyOne()
    {
        using TemporaryFolder folder = new();

        Assert.Equal(["/some/file.so"], NativeLoader.Candidates("/some/file.so", AppContext.BaseDirectory));
        Assert.Equal(
            folder.Path,
            Path.GetDirectoryName(Assert.Single(NativeLoader.Candidates(folder.Path, AppContext.BaseDirectory))));
    }

    [GeneratedRegex(@"#define SEGNEXT_ABI_VERSION (\d+)")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"SEGNEXT_API [a-z0-9_ ]+?\*? ?(segnext_\w+)\(")]
    private static partial Regex EntryPattern();
}
