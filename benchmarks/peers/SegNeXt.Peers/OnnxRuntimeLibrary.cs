using System.Runtime.InteropServices;

namespace SegNeXt.Peers;

/// <summary>
/// ONNX Runtime's shared library and the few functions of its C API that a session takes. The API is a table of function
/// pointers that only grows at its end, so their places hold for every release (<c>onnxruntime_c_api.h</c>).
/// </summary>
public static unsafe class OnnxRuntimeLibrary
{
    private const string Variable = "SEGNEXT_ONNXRUNTIME";

    /// <summary>Version of the table that is asked for: that of release 1.17, and in every later one.</summary>
    private const uint ApiVersion = 17;

    private static nint* s_api;

    /// <summary>The functions, by their places in the table.</summary>
    internal enum Function
    {
        GetErrorMessage = 2,
        CreateEnv = 3,
        CreateSession = 7,
        Run = 9,
        CreateSessionOptions = 10,
        SetSessionGraphOptimizationLevel = 23,
        SetIntraOpNumThreads = 24,
        SetInterOpNumThreads = 25,
        CreateTensorWithDataAsOrtValue = 49,
        GetTensorMutableData = 51,
        GetDimensionsCount = 61,
        GetDimensions = 62,
        GetTensorTypeAndShape = 65,
        CreateCpuMemoryInfo = 69,
        ReleaseStatus = 93,
        ReleaseSession = 95,
        ReleaseValue = 96,
        ReleaseTensorTypeAndShapeInfo = 99,
        ReleaseSessionOptions = 100,
        AddSessionConfigEntry = 130,
    }

    /// <summary>The library's version; null before <see cref="Load"/>.</summary>
    public static string? Version { get; private set; }

    /// <summary>
    /// Finds the library: the file or folder that SEGNEXT_ONNXRUNTIME names, else what <c>benchmarks/peers/install.sh</c> brought
    /// into <c>artifacts/peers</c>.
    /// </summary>
    /// <param name="repository">The repository's root.</param>
    /// <returns>The library's path, or null where there is none.</returns>
    public static string? Find(string repository)
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        string folder = string.IsNullOrEmpty(named) ? Path.Combine(repository, "artifacts", "peers") : named;
        if (File.Exists(folder))
        {
            return folder;
        }

        string machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "libonnxruntime.so*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/linux/", StringComparison.Ordinal) || file.Contains($"/linux/{machine}/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
    }

    /// <summary>Loads the library, once for the process.</summary>
    /// <param name="path">What <see cref="Find"/> found.</param>
    public static void Load(string path)
    {
        if (s_api != null)
        {
            return;
        }

        nint library = NativeLibrary.Load(path);
        nint* start = ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        s_api = ((delegate* unmanaged<uint, nint*>)start[0])(ApiVersion);
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)start[1])());
        if (s_api == null)
        {
            throw new InvalidOperationException($"{path} is ONNX Runtime {Version}, which is too old: its C API has no version {ApiVersion}.");
        }
    }

    internal static nint Address(Function function) => s_api[(int)function];

    /// <summary>Throws what a status says; no status is success.</summary>
    internal static void Check(nint status)
    {
        if (status != 0)
        {
            nint message = ((delegate* unmanaged<nint, nint>)Address(Function.GetErrorMessage))(status);
            string text = Marshal.PtrToStringUTF8(message) ?? "";
            ((delegate* unmanaged<nint, void>)Address(Function.ReleaseStatus))(status);
            throw new InvalidOperationException($"ONNX Runtime: {text}");
        }
    }
}
