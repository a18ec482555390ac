using System.Buffers.Binary;
using System.Net.Sockets;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>The side of the ranks above 0: they call until rank 0 listens, and stay until it has what it needs.</summary>
internal sealed class GatheringGuest : RankGathering
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly RankEnvironment _place;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task<TcpClient> _connecting;

    public GatheringGuest(RankEnvironment place)
    {
        _place = place;
        _connecting = ConnectAsync();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]>? Gather(byte[] message, CancellationToken cancellation)
    {
        using CancellationTokenRegistration stop = cancellation.Register(_closing.Cancel);
        try
        {
            GiveAsync(message).GetAwaiter().GetResult();
            return null;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new InputException($"Rank 0 at {_place.MasterAddress}:{_place.MasterPort} did not take what rank {_place.Rank} of {_place.WorldSize} found; its own messages may say why.", error);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _closing.Cancel();
        if (_connecting.IsCompletedSuccessfully)
        {
            _connecting.Result.Dispose();
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (true)
        {
            TcpClient client = new();
            try
            {
                await client.ConnectAsync(_place.MasterAddress, _place.MasterPort, _closing.Token).ConfigureAwait(false);
                KeepAlive(client.Client);
                byte[] head = [.. Greeting, 0, 0, 0, 0];
                BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Greeting.Length), _place.Rank);
                await client.GetStream().WriteAsync(head, _closing.Token).ConfigureAwait(false);
                return client;
            }
            catch (Exception error) when (error is SocketException or IOException && DateTime.UtcNow < end)
            {
                // Rank 0 may still be starting, or its name not be known yet.
                client.Dispose();
            }
            catch
            {
                client.Dispose();
                throw;
            }

            await Task.Delay(s_pause, _closing.Token).ConfigureAwait(false);
        }
    }

    private async Task GiveAsync(byte[] message)
    {
        NetworkStream stream = (await _connecting.ConfigureAwait(false)).GetStream();
        byte[] head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, message.Length);
        await stream.WriteAsync(head, _closing.Token).ConfigureAwait(false);
        await stream.WriteAsync(message, _closing.Token).ConfigureAwait(false);

        // The answer comes when all have given theirs, which may take as long as the slowest share.
        await stream.ReadExactlyAsync(head.AsMemory(0, 1), _closing.Token).ConfigureAwait(false);
    }
}
