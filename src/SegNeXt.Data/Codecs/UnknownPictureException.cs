using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A file's first bytes are those of neither JPEG nor PNG; the message says what it is instead, where that is known.</summary>
public sealed class UnknownPictureException : InputException
{
    /// <summary>Creates the error with no message of its own.</summary>
    public UnknownPictureException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence naming the file and what it is.</param>
    public UnknownPictureException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence naming the file and what it is.</param>
    /// <param name="innerException">The exception behind it.</param>
    public UnknownPictureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
