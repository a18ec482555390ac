namespace SegNeXt.Torch;

/// <summary>libtorch refused an operation, or its library could not be loaded.</summary>
public sealed class TorchException : Exception
{
    // libtorch has no code for it: the CPU's allocator of 1.13 and of later versions, CUDA's, C++'s own, cuDNN's and cuBLAS's.
    private static readonly string[] s_memoryWords = ["can't allocate memory", "not enough memory", "out of memory", "bad_alloc", "STATUS_ALLOC_FAILED"];

    private static readonly string[] s_gpuWords = ["CUDA", "CUDNN", "CUBLAS"];

    /// <summary>Whether memory, the machine's or the device's, did not suffice: another input may well succeed.</summary>
    public bool IsOutOfMemory =>
        s_memoryWords.Any(words => Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a GPU refused, or its memory did not suffice.</summary>
    public bool IsOfGpu => s_gpuWords.Any(word => Message.Contains(word, StringComparison.OrdinalIgnoreCase));

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
