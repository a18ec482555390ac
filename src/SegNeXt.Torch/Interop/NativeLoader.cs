using System.Reflection;
using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>Finds the native library, checks that it is the one that this assembly was written for, and loads it.</summary>
internal static unsafe class NativeLoader
{
    /// <summary>Library name of every import.</summary>
    internal const string Library = "segnext_torch";

    /// <summary>The ABI that this assembly speaks: SEGNEXT_ABI_VERSION of native/include/segnext_torch.h.</summary>
    internal const int AbiVersion = 5;

    /// <summary>Environment variable naming the library's file or folder.</summary>
    internal const string Variable = "SEGNEXT_NATIVE";

    private static readonly Lazy<nint> s_library = new(Load);

    /// <summary>Makes the runtime ask this class for the library.</summary>
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);

    /// <summary>Loads the library if that has not been done.</summary>
    /// <exception cref="TorchException">It is not there, cannot be loaded, or speaks another ABI.</exception>
    internal static nint EnsureLoaded() => s_library.Value;

    /// <summary>The files that are tried, in order, given the environment variable's value.</summary>
    internal static IEnumerable<string> Candidates(string? chosen, string start)
    {
        string name = OperatingSystem.IsWindows() ? $"{Library}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{Library}.dylib" : $"lib{Library}.so";
        if (!string.IsNullOrEmpty(chosen))
        {
            // A choice is a choice: a wrong one is reported, not silently replaced.
            yield return Directory.Exists(chosen) ? Path.Combine(chosen, name) : chosen;
            yield break;
        }

        yield return Path.Combine(start, name);
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                yield return Path.Combine(folder.FullName, "artifacts", "native", name);
            }
        }
    }

    /// <summary>Loads the first candidate that exists and checks its ABI.</summary>
    internal static nint Load(IReadOnlyList<string> candidates)
    {
        string? path = candidates.FirstOrDefault(File.Exists);
        if (path is null)
        {
            throw new TorchException(
                $"The native library was not found; looked for {string.Join(", ", candidates)}. Run ./segnext in a " +
                $"checkout to build it, or set {Variable} to its file or folder.");
        }

        ProcessTuning.Apply();
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            string reason = error.Message.Split('\n')[0].Trim();
            throw new TorchException($"The native library {path} cannot be loaded: {reason}", error);
        }

        int version = NativeLibrary.TryGetExport(library, "segnext_abi_version", out nint entry)
            ? ((delegate* unmanaged<int>)entry)()
            : 0;
        if (version != AbiVersion)
        {
            throw new TorchException(
                $"The native library {path} has ABI version {version}, this program needs {AbiVersion}. Run ./segnext " +
                "in the checkout to rebuild it.");
        }

        return library;
    }

    private static nint Load() =>
        Load([.. Candidates(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory)]);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? EnsureLoaded() : 0;
}
