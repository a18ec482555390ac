using System.Buffers.Binary;
using System.Net.Sockets;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>Rank 0's side: it listens from the beginning, and reads each rank's message whenever that comes.</summary>
internal sealed class GatheringHost : RankGathering
{
    private static readonly byte[] s_thanks = [1];

    private readonly RankEnvironment _place;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource<NetworkStream>[] _guests;
    private readonly Task<byte[]>[] _messages;

    public GatheringHost(RankEnvironment place)
    {
        _place = place;
        _listener = TcpListener.Create(place.MasterPort);
        try
        {
            _listener.Start();
        }
        catch (SocketException error)
        {
            throw new InputException($"Rank 0 cannot listen on port {place.MasterPort}, where the other processes look for it ({error.Message.TrimEnd('.')}); set another MASTER_PORT.", error);
        }

        _guests = [.. Enumerable.Range(1, place.WorldSize - 1).Select(_ => new TaskCompletionSource<NetworkStream>(TaskCreationOptions.RunContinuationsAsynchronously))];
        _messages = [.. _guests.Select((guest, i) => ReadAsync(guest.Task, i + 1))];
        _ = AcceptAsync();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Gather(byte[] message, CancellationToken cancellation)
    {
        if (!Task.WhenAll(_guests.Select(guest => guest.Task)).Wait((int)Patience.TotalMilliseconds, cancellation))
        {
            int[] absent = [.. Enumerable.Range(1, _guests.Length).Where(rank => !_guests[rank - 1].Task.IsCompleted)];
            throw new InputException($"Rank {string.Join(", ", absent.Take(10))}{(absent.Length > 10 ? ", …" : "")} of {_place.WorldSize} never reported to rank 0 at {_place.MasterAddress}:{_place.MasterPort}; its own messages may say why.");
        }

        // Whatever the first fault is, it is told at once, not after the slowest rank.
        List<Task<byte[]>> open = [.. _messages];
        while (open.Count > 0)
        {
            Task<Task<byte[]>> any = Task.WhenAny(open);
            any.Wait(cancellation);
            any.Result.GetAwaiter().GetResult();
            open.Remove(any.Result);
        }

        foreach (TaskCompletionSource<NetworkStream> guest in _guests)
        {
            try
            {
                guest.Task.Result.Write(s_thanks);
            }
            catch (IOException)
            {
                // It has given what it had to give.
            }
        }

        return [message, .. _messages.Select(task => task.Result)];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _closing.Cancel();
        _listener.Dispose();
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
        }

        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token).ConfigureAwait(false);
                lock (_clients)
                {
                    _clients.Add(client);
                }

                KeepAlive(client.Client);
                _ = GreetAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The gathering is over.
        }
    }

    private async Task GreetAsync(TcpClient client)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            byte[] head = new byte[Greeting.Length + sizeof(int)];
            await stream.ReadExactlyAsync(head).ConfigureAwait(false);
            int rank = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(Greeting.Length));
            if (!head.AsSpan().StartsWith(Greeting) || rank < 1 || rank > _guests.Length || !_guests[rank - 1].TrySetResult(stream))
            {
                client.Dispose();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            client.Dispose();
        }
    }

    private async Task<byte[]> ReadAsync(Task<NetworkStream> guest, int rank)
    {
        NetworkStream stream = await guest.ConfigureAwait(false);
        try
        {
            byte[] head = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(head).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 0 or > MaxBytes)
            {
                throw new IOException($"A message of {length} bytes.");
            }

            byte[] message = new byte[length];
            await stream.ReadExactlyAsync(message).ConfigureAwait(false);
            return message;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            throw new InputException($"Rank {rank} of {_place.WorldSize} ended before its share of the work was done; its own messages may say why.", error);
        }
    }
}
