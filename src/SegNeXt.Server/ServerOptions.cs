using System.Net;
using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>Where the server listens, what it accepts, and what it does with pictures.</summary>
public sealed record ServerOptions
{
    /// <summary>The address to listen on; loopback, which other machines do not reach, unless said otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for one that is free, which <see cref="SegmentationServer.Address"/> then names.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Most bytes of a picture's file; more is answered with 413. 32 MiB unless said otherwise.</summary>
    public long MaxBodyBytes { get; init; } = 32L << 20;

    /// <summary>Most pixels, width × height, that a picture's header may claim; more is answered with 413. 32 million unless said otherwise.</summary>
    public long MaxPixels { get; init; } = 32_000_000;

    /// <summary>Pictures that wait for the one at work; the next is answered with 429. 16 unless said otherwise, 0 for none.</summary>
    public int QueueLength { get; init; } = 16;

    /// <summary>
    /// The longest that an upload may take (408 beyond), and again the longest from its end to the result (503 beyond). A minute unless
    /// said otherwise.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long <see cref="SegmentationServer.StopAsync"/> waits for requests that are under way. Half a minute unless said otherwise.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections at a time; further ones are closed at once. 256 unless said otherwise.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How pictures go through the network, as <c>segnext predict</c> has it; a request's <c>max_side</c> replaces the box.</summary>
    public TestOptions Test { get; init; } = new();

    /// <summary>
    /// The longer side to which the page asks pictures to be reduced for the network until its visitor chooses another; 0 for their own
    /// size. Requests of other programs are not touched by it.
    /// </summary>
    public int PageMaxSide { get; init; } = 1024;

    /// <summary>Takes one line for each request; null for none. Called from several threads.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InputException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Port is >= 0 and <= 65535, $"The port must be 0 to 65535, not {Port}");
        Require(MaxBodyBytes is >= 1 and <= MaxBody, $"The limit of a file's bytes must be 1 to {MaxBody}, not {MaxBodyBytes}");
        Require(MaxPixels >= 1, $"The limit of pixels must be at least 1, not {MaxPixels}");
        Require(QueueLength >= 0, $"The queue must have room for 0 or more, not {QueueLength}");
        Require(Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromDays(1), $"The time limit must be above 0 and at most a day, not {Timeout}");
        Require(DrainTime >= TimeSpan.Zero, $"The time for requests under way must be 0 or more, not {DrainTime}");
        Require(MaxConnections >= 1, $"There must be room for at least 1 connection, not {MaxConnections}");
        Require(PageMaxSide == 0 || (PageMaxSide >= MaxSide.Least && PageMaxSide <= MaxSide.Most), $"The longer side must be {MaxSide.Least} to {MaxSide.Most}, not {PageMaxSide}");
        Test.Validate();
    }

    /// <summary>A body is held in one array.</summary>
    private const long MaxBody = 1L << 30;

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InputException(fault + ".");
        }
    }
}
