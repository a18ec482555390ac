using System.Collections.Concurrent;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>What takes the segmented pictures of a video: draws and encodes them, writes their ids, on a thread of its own.</summary>
/// <param name="plan">Which results are wanted.</param>
/// <param name="facts">Rate and sound.</param>
/// <param name="classes">Names and colours.</param>
/// <param name="format">How ids are written.</param>
/// <param name="ffmpeg">The program.</param>
/// <param name="queue">Gets the pictures' memory back.</param>
/// <param name="recordingEnds">Signalled when the user ends a recording, which ffmpeg may hear first; never for a file.</param>
internal sealed class FrameSink(
    VideoPlan plan, VideoFacts facts, ClassSet classes, IdFormat format, string ffmpeg, FrameQueue queue, CancellationToken recordingEnds) : IDisposable
{
    private readonly BlockingCollection<VideoFrame> _frames = [];
    private VideoWriter? _video;
    private long _next;

    /// <summary>Takes a picture with its ids.</summary>
    public void Add(VideoFrame frame) => _frames.Add(frame);

    /// <summary>No more pictures come.</summary>
    public void Complete() => _frames.CompleteAdding();

    /// <summary>Writes until no more pictures come.</summary>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="InputException">A result cannot be written.</exception>
    public void WriteAll(CancellationToken stop)
    {
        bool broken = false;
        foreach (VideoFrame frame in _frames.GetConsumingEnumerable(stop))
        {
            try
            {
                if (!broken)
                {
                    Write(frame);
                }
            }
            catch (InputException) when (recordingEnds.CanBeCanceled && recordingEnds.WaitHandle.WaitOne(VideoRunner.SignalDelay))
            {
                // The encoder heard Ctrl-C too and has completed its file.
                broken = true;
            }

            queue.Return(frame);
        }
    }

    /// <summary>Completes the video.</summary>
    /// <param name="interrupted">Whether the user has ended a recording.</param>
    /// <exception cref="InputException">It cannot be completed.</exception>
    public void Finish(bool interrupted) => _video?.Finish(interrupted);

    public void Dispose()
    {
        _video?.Dispose();
        _frames.Dispose();
    }

    private void Write(VideoFrame frame)
    {
        if (plan.Frames is { } folder)
        {
            if (_next == 0)
            {
                OutputFolder.Create(folder);
            }

            format.Write(Path.Combine(folder, $"{frame.Index + 1:000000}.png"), frame.Ids!);
        }

        if (plan.Overlay is { } path)
        {
            _video ??= VideoWriter.Begin(ffmpeg, path, frame.Image.Width, frame.Image.Height, facts, plan.Input);
            Overlay.BlendInto(frame.Image, frame.Ids!, classes.Palette);

            // In the place of pictures of a camera that the network did not come to, so that time passes as it did.
            for (; _next < frame.Index; _next++)
            {
                _video.Write(frame.Image);
            }

            _video.Write(frame.Image);
        }

        _next = frame.Index + 1;
    }
}
