using System.Net;
using System.Net.Sockets;
using SegNeXt.Core;

namespace SegNeXt.Cli.Tests;

public sealed class RankGatheringTests : IDisposable
{
    // As launch does: nobody else gets the port between its choice and its use.
    private readonly HeldPort _port = new();

    public void Dispose() => _port.Dispose();

    [Fact]
    public async Task Gather_ThreeRanksInAnyOrder_BringsAllToRank0()
    {
        Task<IReadOnlyList<byte[]>?>[] ranks = [Run(2, 3, [2, 7]), Run(0, 3, [0, 7]), Run(1, 3, [1, 7])];
        Assert.Null(await ranks[0]);
        Assert.Null(await ranks[2]);
        Assert.Equal([[0, 7], [1, 7], [2, 7]], await ranks[1]);
    }

    [Fact]
    public async Task Gather_EmptyAndLargeMessages_ArriveWhole()
    {
        byte[] large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        Task<IReadOnlyList<byte[]>?> first = Run(0, 3, []), second = Run(1, 3, large), third = Run(2, 3, []);
        Assert.Equal([[], large, []], await first);
        await Task.WhenAll(second, third);
    }

    [Fact]
    public async Task Gather_RankThatGoesAway_IsNamedByRank0()
    {
        Task<IReadOnlyList<byte[]>?> main = Run(0, 3, []), faithful = Run(1, 3, []);
        using (Socket lost = await GreetAs(2))
        {
        }

        InputException fault = await Assert.ThrowsAsync<InputException>(() => main);
        Assert.Contains("Rank 2 of 3 ended before its share of the work was done", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rank 1 of 3", (await Assert.ThrowsAsync<InputException>(() => faithful)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gather_Strangers_AreNotListenedTo()
    {
        Task<IReadOnlyList<byte[]>?> main = Run(0, 2, [1]);
        using Socket stranger = await Connect();
        await stranger.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using Socket impostor = await GreetAs(5);
        Assert.Equal(0, await impostor.ReceiveAsync(new byte[1]));
        Task<IReadOnlyList<byte[]>?> guest = Run(1, 2, [2]);
        Assert.Equal([[1], [2]], await main);
        Assert.Null(await guest);
    }

    [Fact]
    public async Task Gather_Stopped_Ends()
    {
        using CancellationTokenSource stop = new();
        Task<IReadOnlyList<byte[]>?> main = Run(0, 2, [], stop.Token);
        stop.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => main);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(1, 2, [], stop.Token));
    }

    [Fact]
    public void Join_PortThatIsTaken_IsRefusedWithTheRemedy()
    {
        using TcpListener taken = TcpListener.Create(0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Contains("MASTER_PORT", Assert.Throws<InputException>(() => RankGathering.Join(Place(0, 2, port))).Message, StringComparison.Ordinal);
    }

    private static RankEnvironment Place(int rank, int count, int port) => new(rank, count, rank, count, RankEnvironment.Loopback, port, "torchrun");

    private Task<IReadOnlyList<byte[]>?> Run(int rank, int count, byte[] message, CancellationToken stop = default) => Task.Factory.StartNew(
        () =>
        {
            using RankGathering ranks = RankGathering.Join(Place(rank, count, _port.Number));
            return ranks.Gather(message, stop);
        },
        stop,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task<Socket> GreetAs(int rank)
    {
        Socket socket = await Connect();
        byte[] greeting = [.. "segnext ranks 1\n"u8, (byte)rank, 0, 0, 0];
        await socket.SendAsync(greeting);
        return socket;
    }

    private async Task<Socket> Connect()
    {
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, _port.Number);
                return socket;
            }
            catch (SocketException)
            {
                // Rank 0 does not listen yet.
                socket.Dispose();
                await Task.Delay(20);
            }
        }
    }
}
