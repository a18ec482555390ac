using System.Collections.Concurrent;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// The pictures between the decoder and the network. Those of a file wait until the network is ready, all of them. A camera
/// waits for nobody: there a newer picture takes the place of one that the network has not come to.
/// </summary>
/// <param name="isLive">Whether the source goes on by itself.</param>
internal sealed class FrameQueue(bool isLive) : IDisposable
{
    /// <summary>Pictures in memory: one each with reader, network and writer, and one that waits before each of the last two.</summary>
    private const int Count = 5;

    private readonly BlockingCollection<VideoFrame> _free = [];
    private readonly BlockingCollection<VideoFrame> _ready = [];
    private int _made;

    /// <summary>Pictures of the source so far.</summary>
    public long Read { get; private set; }

    /// <summary>Pictures whose reading is done, in their order; ends when the source has ended.</summary>
    /// <param name="stop">Ends the waiting.</param>
    public IEnumerable<VideoFrame> Frames(CancellationToken stop) => _ready.GetConsumingEnumerable(stop);

    /// <summary>Gives a picture's memory back.</summary>
    public void Return(VideoFrame frame)
    {
        frame.Ids = null;
        _free.Add(frame);
    }

    /// <summary>Reads to the end of the source.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="InvalidDataException">What comes is no picture.</exception>
    public void ReadAll(FrameReader reader, CancellationToken stop)
    {
        try
        {
            while (reader.Read(Room(stop)) is { } frame)
            {
                frame.Index = Read++;
                while (isLive && _ready.TryTake(out VideoFrame? overtaken))
                {
                    Return(overtaken);
                }

                _ready.Add(frame, stop);
            }
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        _ready.Dispose();
    }

    /// <summary>Memory for the next picture; null where a new one may be made.</summary>
    private VideoFrame? Room(CancellationToken stop)
    {
        if (_free.TryTake(out VideoFrame? frame))
        {
            return frame;
        }

        return _made++ < Count ? null : _free.Take(stop);
    }
}
