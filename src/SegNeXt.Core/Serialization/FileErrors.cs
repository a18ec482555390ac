namespace SegNeXt.Core;

/// <summary>Turns what the system says of a file into a sentence for the user.</summary>
internal static class FileErrors
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;

    /// <summary>Whether the exception is one of those that file access throws and <see cref="Wrap"/> can word.</summary>
    public static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    /// <summary>The error as an <see cref="InputException"/> that names the file.</summary>
    public static InputException Wrap(string path, Exception error) => new($"{path}: {Describe(error)}.", error);

    private static string Describe(Exception error) => error switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => "the path is too long",
        UnauthorizedAccessException => "access is denied",
        IOException io when io.HResult is DiskFullWindows or NoSpaceUnix => "no space left on the disk",
        IOException io when io.HResult is QuotaUnix => "no space left: the disk quota is used up",
        _ => error.Message.TrimEnd('.'),
    };
}
