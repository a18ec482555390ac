using System.Reflection;
using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A native image library: what it is called, whether this machine has it, and what brings it.</summary>
public sealed class ImageLibrary
{
    private readonly string[] _files;
    private readonly Lazy<nint> _handle;

    internal ImageLibrary(string name, string purpose, string installCommand, params string[] files)
    {
        Name = name;
        Purpose = purpose;
        InstallCommand = installCommand;
        _files = files;
        _handle = new Lazy<nint>(Load);
    }

    /// <summary>libjpeg-turbo's TurboJPEG interface, for JPEG.</summary>
    public static ImageLibrary TurboJpeg { get; } = new(
        "libjpeg-turbo",
        "JPEG pictures",
        "apt install libturbojpeg0",
        FileNames("libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.0.dylib", "turbojpeg.dll"));

    /// <summary>libspng, for PNG.</summary>
    public static ImageLibrary Spng { get; } = new(
        "libspng",
        "PNG pictures and labels",
        "apt install libspng0",
        FileNames("libspng.so.0", "libspng.so", "libspng.0.dylib", "spng.dll"));

    /// <summary>The library's own name.</summary>
    public string Name { get; }

    /// <summary>What cannot be read or written without it.</summary>
    public string Purpose { get; }

    /// <summary>The command that brings it on Debian and Ubuntu.</summary>
    public string InstallCommand { get; }

    /// <summary>Whether the library was found and loaded.</summary>
    public bool IsAvailable => _handle.Value != 0;

    /// <summary>The loaded library.</summary>
    /// <exception cref="InputException">This machine does not have it.</exception>
    internal nint Require() => IsAvailable
        ? _handle.Value
        : throw new InputException(
            $"{Purpose} need {Name} ({_files[0]}), which is not on this machine; on Debian and Ubuntu `{InstallCommand}` brings it.");

    /// <summary>Finds the libraries of this assembly's imports; called by the runtime at the first call into one.</summary>
    internal static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath) => library switch
    {
        NativeTurboJpeg.Library => TurboJpeg.Require(),
        NativeSpng.Library => Spng.Require(),
        _ => 0,
    };

    private static string[] FileNames(string linux, string linuxDevelopment, string mac, string windows) =>
        OperatingSystem.IsWindows() ? [windows]
        : OperatingSystem.IsMacOS() ? [mac, "/opt/homebrew/lib/" + mac, "/usr/local/lib/" + mac]
        : [linux, linuxDevelopment];

    private nint Load()
    {
        foreach (string file in _files)
        {
            if (NativeLibrary.TryLoad(file, typeof(ImageLibrary).Assembly, null, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
