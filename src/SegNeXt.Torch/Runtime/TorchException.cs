namespace SegNeXt.Torch;

/// <summary>libtorch refused an operation, or its library could not be loaded.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public TorchException()
    {
    }

    /// <summary>An exception with a message.</summary>
    /// <param name="message">libtorch's first line, without its backtrace.</param>
    public TorchException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and what caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public TorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
