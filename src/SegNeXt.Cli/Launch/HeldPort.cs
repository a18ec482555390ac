using System.Net;
using System.Net.Sockets;

namespace SegNeXt.Cli;

/// <summary>
/// A free TCP port that the system gives to nobody else while this lives. The socket is bound but does not listen, so that a
/// listener with SO_REUSEADDR, as rank 0's is and .NET's are, may take the same port beside it.
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Takes a port.</summary>
    public HeldPort() => _socket.Bind(new IPEndPoint(IPAddress.Any, 0));

    /// <summary>The port's number.</summary>
    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
