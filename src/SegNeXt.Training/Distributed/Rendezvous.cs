using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>Where and how the ranks of a run meet.</summary>
internal static class Rendezvous
{
    /// <summary>gloo's network interface, as in PyTorch.</summary>
    private const string InterfaceVariable = "GLOO_SOCKET_IFNAME";

    /// <summary>
    /// torchrun's agent serves a store of its own at <c>MASTER_PORT</c>, in the protocol of its own PyTorch. This run's libtorch
    /// may be another version, so the ranks meet at the port after it.
    /// </summary>
    private const string AgentVariable = "TORCHELASTIC_USE_AGENT_STORE";

    /// <summary>The port at which rank 0 serves the store.</summary>
    /// <param name="place">This process's place.</param>
    /// <param name="read">The value of an environment variable.</param>
    public static int Port(RankEnvironment place, Func<string, string?> read) =>
        bool.TryParse(read(AgentVariable), out bool agent) && agent ? (place.MasterPort % IPEndPoint.MaxPort) + 1 : place.MasterPort;

    /// <summary>Connects to the store, and serves it as rank 0.</summary>
    /// <param name="place">This process's place.</param>
    /// <param name="port">The port.</param>
    /// <param name="timeout">How long to wait for all ranks.</param>
    /// <exception cref="InputException">They did not come.</exception>
    public static TcpStore Open(RankEnvironment place, int port, TimeSpan timeout)
    {
        try
        {
            return new TcpStore(place.MasterAddress, port, place.IsMain, place.WorldSize, timeout);
        }
        catch (TorchException error)
        {
            throw Failure(place, port, timeout, error);
        }
    }

    /// <summary>Says that the ranks did not meet.</summary>
    /// <param name="place">This process's place.</param>
    /// <param name="port">The port.</param>
    /// <param name="timeout">How long it waited.</param>
    /// <param name="error">What libtorch says.</param>
    public static InputException Failure(RankEnvironment place, int port, TimeSpan timeout, TorchException error)
    {
        string what = place.IsMain
            ? $"Rank 0 waited at {place.MasterAddress}:{port} for {place.WorldSize} ranks"
            : $"Rank {place.Rank} of {place.WorldSize} looked for the others at {place.MasterAddress}:{port}";
        return new InputException(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} (so {place.Source}'s variables), without success within {timeout.TotalSeconds:0} s or for another reason: {error.Message.TrimEnd('.')}; see that all ranks are started, reach that address, and that the port is free."), error);
    }

    /// <summary>The name of gloo's network interface, where the user gives one.</summary>
    public static string? NetworkInterface()
    {
        string? name = Environment.GetEnvironmentVariable(InterfaceVariable);
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>
    /// This host's address on the way to rank 0's, which the other ranks reach too; null where none is found. A host's name often
    /// resolves to a loopback address, which the others do not reach.
    /// </summary>
    /// <param name="place">This process's place.</param>
    public static string? OwnAddress(RankEnvironment place)
    {
        try
        {
            IPAddress main = Dns.GetHostAddresses(place.MasterAddress).OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();

            // Nothing is sent: the system only chooses the route.
            using Socket socket = new(main.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(main, place.MasterPort);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException)
        {
            return null;
        }
    }
}
