using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// The ranks of a data-parallel run: processes that train one network together, each with its share of every batch. Rank 0
/// alone writes files and speaks. A process on its own is the only rank, and what follows costs it nothing.
/// </summary>
public sealed partial class Ranks : IDisposable
{
    private readonly RankEnvironment? _place;
    private readonly TimeSpan _timeout;
    private readonly TcpStore? _store;
    private readonly RankWatch? _watch;
    private readonly ProcessGroup? _control;
    private readonly ProcessGroup? _gradients;
    private bool _abandoned;

    private Ranks()
    {
    }

    private Ranks(RankEnvironment place, Device device, TimeSpan timeout)
    {
        (_place, _timeout) = (place, timeout);
        int port = Rendezvous.Port(place, Environment.GetEnvironmentVariable);
        _store = Rendezvous.Open(place, port, timeout);
        try
        {
            _watch = new RankWatch(place, port, timeout);
            string? address = Rendezvous.OwnAddress(place), network = Rendezvous.NetworkInterface();
            _control = new ProcessGroup(_store, "control", place.Rank, place.WorldSize, DistributedBackend.Gloo, timeout, address, network);

            // A group of its own, so that nothing waits behind gradients that are under way. Between GPUs one group does all: two
            // of NCCL's at a time may each hold what the other waits for.
            bool nccl = device.Type == DeviceType.Cuda && ProcessGroup.IsAvailable(DistributedBackend.Nccl);
            _gradients = new ProcessGroup(
                _store, "gradients", place.Rank, place.WorldSize, nccl ? DistributedBackend.Nccl : DistributedBackend.Gloo, timeout, address, network);
            Statistics = nccl ? _gradients : _control;
        }
        catch (TorchException error)
        {
            Abandon();
            throw Rendezvous.Failure(place, port, timeout, error);
        }
    }

    /// <summary>A process on its own.</summary>
    public static Ranks Alone { get; } = new();

    /// <summary>This process's number, from 0.</summary>
    public int Rank => _place?.Rank ?? 0;

    /// <summary>Number of processes.</summary>
    public int Size => _place?.WorldSize ?? 1;

    /// <summary>Number of processes on this host.</summary>
    public int LocalSize => _place?.LocalWorldSize ?? 1;

    /// <summary>This process's share of what is divided picture by picture.</summary>
    public Shard Shard => new(Rank, Size);

    /// <summary>Whether this process writes files and speaks.</summary>
    public bool IsMain => Rank == 0;

    /// <summary>Whether there is more than one.</summary>
    public bool IsTogether => _place is not null;

    /// <summary>Whether another rank is gone, and nothing may wait for it any more.</summary>
    internal bool IsAbandoned => _abandoned;

    /// <summary>The group over which batch norms take their statistics; null for a process on its own.</summary>
    internal ProcessGroup? Statistics { get; }

    /// <summary>The group that averages gradients; null for a process on its own.</summary>
    internal ProcessGroup? Gradients => _gradients;

    /// <summary>Meets the other ranks; returns when all are there.</summary>
    /// <param name="place">This process's place among those of a launcher, or null where it is alone.</param>
    /// <param name="device">Where the network will be.</param>
    /// <param name="timeout">How long a rank waits for the others, here and later, before the run ends.</param>
    /// <exception cref="InputException">They did not come, or libtorch has no data-parallel training.</exception>
    public static Ranks Join(RankEnvironment? place, Device device, TimeSpan timeout)
    {
        if (place is null)
        {
            return Alone;
        }

        return ProcessGroup.IsAvailable(DistributedBackend.Gloo)
            ? new Ranks(place, device, timeout)
            : throw new InputException($"{place.Source} started {place.WorldSize} processes to train together, but this libtorch has no data-parallel training (c10d); take one that has, or start one process.");
    }

    /// <summary>
    /// Does a run's work. An error of this rank is made known to the others; where an operation fails since another rank is gone,
    /// the error says which.
    /// </summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">The work.</param>
    /// <exception cref="RankLostException">Another rank is gone, or ended the run.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_watch is null)
        {
            return work();
        }

        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            // All ranks have agreed to stop.
            throw;
        }
        catch (TorchException error) when (IsOfOthers(error))
        {
            throw Lost(error);
        }
        catch (RankLostException)
        {
            Abandon();
            throw;
        }
        catch (Exception error)
        {
            _watch.Say(error.Message);
            Abandon();
            throw;
        }
    }

    /// <summary>Whether an error is an operation's that failed because of another rank.</summary>
    /// <param name="error">libtorch's error.</param>
    internal bool IsOfOthers(TorchException error) =>
        IsTogether && (error.Message.Contains("gloo", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("NCCL", StringComparison.Ordinal)
            || error.Message.Contains("Socket", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("Connection", StringComparison.Ordinal)
            || error.Message.Contains("Timed out", StringComparison.OrdinalIgnoreCase));

    /// <summary>The error to end with when another rank is gone; the groups are not used any more.</summary>
    /// <param name="error">libtorch's error.</param>
    internal RankLostException Lost(TorchException error)
    {
        RankLostException lost = _watch!.Explain(error, _timeout);
        Abandon();
        return lost;
    }

    /// <summary>This rank's part of a batch.</summary>
    /// <param name="batch">Images of all ranks.</param>
    /// <exception cref="InputException">There are fewer images than ranks.</exception>
    internal BatchShare Share(int batch) => batch >= Size
        ? BatchShare.Of(batch, Rank, Size)
        : throw new InputException($"train.batch is {batch}, but {Size} ranks train together, and each needs an image at least: raise train.batch, which is the images of all ranks together, or start fewer.");

    /// <summary>Leaves the others, in good order.</summary>
    public void Dispose()
    {
        if (_place is null || _abandoned)
        {
            return;
        }

        _gradients?.Dispose();
        _control?.Dispose();
        _watch?.Dispose();
        _store?.Dispose();
    }

    /// <summary>Leaves everything as it is: the process is about to end, and freeing would wait for what may never come.</summary>
    private void Abandon()
    {
        _abandoned = true;
        _gradients?.Abandon();
        _control?.Abandon();
    }
}
