using System.Net.Sockets;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// Brings what the processes of a launcher found together at rank 0, over TCP at the launcher's master address: for work that is
/// shared without libtorch, whose process groups training uses. Every process meets the others at the beginning and stays until all
/// have done their share, since mpirun, srun and torchrun end a job whose first process ends otherwise than well.
/// </summary>
internal abstract class RankGathering : IDisposable
{
    /// <summary>How long a process waits for another to begin; starting takes them seconds, and a cold disk perhaps minutes.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>First bytes on a connection, so that a stranger's is not taken for a rank's.</summary>
    protected static ReadOnlySpan<byte> Greeting => "segnext ranks 1\n"u8;

    /// <summary>Largest message; a confusion matrix of 255 classes takes less than 1 MB.</summary>
    protected const int MaxBytes = 64 << 20;

    /// <summary>Joins the processes.</summary>
    /// <param name="place">This process's place.</param>
    /// <exception cref="InputException">Rank 0 cannot take the port.</exception>
    public static RankGathering Join(RankEnvironment place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.IsMain ? new GatheringHost(place) : new GatheringGuest(place);
    }

    /// <summary>Gives this process's message and waits until all have given theirs.</summary>
    /// <param name="message">What this process found.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>All messages by rank at rank 0; null at the others.</returns>
    /// <exception cref="InputException">A process ended before it gave its message; the message names its rank.</exception>
    public abstract IReadOnlyList<byte[]>? Gather(byte[] message, CancellationToken cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Has the system notice within some two minutes that the other host is gone, however long nobody has anything to say.</summary>
    protected static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
    }

    /// <summary>Closes the connections.</summary>
    protected abstract void Dispose(bool disposing);
}
