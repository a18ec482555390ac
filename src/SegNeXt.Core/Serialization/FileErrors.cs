namespace SegNeXt.Core;

/// <summary>Turns what the system says of a file into a sentence for the user.</summary>
public static class FileErrors
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;

    /// <summary>Whether the exception is one of those that file access throws and <see cref="Wrap"/> can word.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    /// <summary>The error as one that names the file.</summary>
    /// <param name="path">The file as the user knows it.</param>
    /// <param name="error">What was thrown; <see cref="IsFileError"/> holds for it.</param>
    /// <returns>An exception for the caller to throw: the path, a colon, and the fault.</returns>
    public static InputException Wrap(string path, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new InputException($"{path}: {Describe(path, error)}.", error);
    }

    private static string Describe(string path, Exception error) => error switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => "the path is too long",
        UnauthorizedAccessException => Directory.Exists(path) ? "this is a folder, not a file" : "access is denied",
        IOException io when io.HResult is DiskFullWindows or NoSpaceUnix => "no space left on the disk",
        IOException io when io.HResult is QuotaUnix => "no space left: the disk quota is used up",
        _ => WithoutPath(error.Message),
    };

    /// <summary>What the system said, without the path behind it: that may be a temporary one.</summary>
    private static string WithoutPath(string message)
    {
        int mention = message.IndexOf(" : '", StringComparison.Ordinal);
        return (mention < 0 ? message : message[..mention]).TrimEnd('.');
    }
}
