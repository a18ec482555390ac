using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>The bytes that uploads may hold together: many slow or large ones must not use up the memory.</summary>
/// <param name="limit">Most bytes.</param>
internal sealed class BodyBudget(long limit)
{
    private long _held;

    /// <summary>Bytes that are held.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">How many.</param>
    /// <exception cref="ProblemException">503: there are no more.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > limit)
        {
            Interlocked.Add(ref _held, -bytes);
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable, "uploads_full", "Other uploads take all the memory that the server keeps for them; try again in a few seconds.", retryAfter: 5);
        }
    }

    /// <summary>Gives bytes back.</summary>
    /// <param name="bytes">How many.</param>
    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
