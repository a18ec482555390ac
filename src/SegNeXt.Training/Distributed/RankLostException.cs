using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Another rank of a data-parallel run has ended, or takes no part any more; the run cannot go on.</summary>
public sealed class RankLostException : InputException
{
    /// <summary>Creates the error with no message of its own.</summary>
    public RankLostException()
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that says which rank it is, as far as that can be known.</param>
    public RankLostException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that says which rank it is, as far as that can be known.</param>
    /// <param name="innerException">The exception behind it.</param>
    public RankLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether another rank has told the user already, or will.</summary>
    public bool IsTold { get; init; }
}
