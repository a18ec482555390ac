namespace SegNeXt.Core;

/// <summary>
/// Something the user gave cannot be used: a file, a field, an option. The message is one complete
/// sentence that names the file and the fault, fit to be shown as it is, without a stack trace.
/// </summary>
public class InputException : Exception
{
    /// <summary>Creates the error with no message of its own.</summary>
    public InputException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence naming the file or field and what was expected.</param>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence naming the file or field and what was expected.</param>
    /// <param name="innerException">The exception behind it.</param>
    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
