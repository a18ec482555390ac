using System.Runtime.InteropServices;

namespace SegNeXt.Data;

/// <summary>Tells the runtime, once, where this assembly's native libraries are.</summary>
internal static class ImageLibraryResolver
{
    static ImageLibraryResolver() =>
        NativeLibrary.SetDllImportResolver(typeof(ImageLibraryResolver).Assembly, ImageLibrary.Resolve);

    /// <summary>Returns when the resolver is in place, whichever thread comes first: the runtime runs the initialiser once.</summary>
    public static void Register()
    {
    }
}
