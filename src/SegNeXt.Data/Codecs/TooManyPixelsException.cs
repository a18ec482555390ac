using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture's header claims more pixels than <see cref="ImageReadOptions.MaxPixels"/> allows; nothing was decoded.</summary>
public sealed class TooManyPixelsException : InputException
{
    /// <summary>Creates the error with no message of its own.</summary>
    public TooManyPixelsException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence naming the picture, its size and the limit.</param>
    public TooManyPixelsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence naming the picture, its size and the limit.</param>
    /// <param name="innerException">The exception behind it.</param>
    public TooManyPixelsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
