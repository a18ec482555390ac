using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>
/// Segments videos, cameras and streams through the program ffmpeg. Decoding, the network, and drawing and encoding go on at
/// the same time; a few pictures are held, however long the video is.
/// </summary>
/// <param name="segmenter">The network with its test-time strategy.</param>
/// <param name="classes">Names and colours for overlays.</param>
/// <param name="format">How ids are written.</param>
/// <param name="ffmpeg">ffmpeg's name or path; ffprobe is called likewise.</param>
/// <param name="terminal">Where progress and failures go.</param>
internal sealed class VideoRunner(TestTimeSegmenter segmenter, ClassSet classes, IdFormat format, string ffmpeg, Terminal terminal)
{
    /// <summary>Lost pictures, of a hundred, that rounding of rates and durations explains.</summary>
    private const double Tolerance = 0.02;

    /// <summary>How much earlier than this program ffmpeg may hear Ctrl-C.</summary>
    public static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Segments videos one after the other; one that fails is named and the others go on.</summary>
    /// <param name="plans">The videos; the folder for results exists.</param>
    /// <returns>How many failed.</returns>
    /// <exception cref="OperationCanceledException">The user interrupted; the result of a camera is complete up to then.</exception>
    public int Run(IReadOnlyList<VideoPlan> plans)
    {
        int failed = 0;
        WorkProgress.Run(terminal, "Predicting", plans.Count, progress =>
        {
            foreach (VideoPlan plan in plans)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                try
                {
                    RunOne(plan, progress);
                }
                catch (InputException error)
                {
                    terminal.Warn(error.Message);
                    failed++;
                }

                terminal.Cancellation.ThrowIfCancellationRequested();
                progress.Advance();
            }
        });
        return failed;
    }

    private void RunOne(VideoPlan plan, WorkProgress progress)
    {
        VideoInput input = plan.Input;
        if (input.IsFile)
        {
            RegularFile.Require(input.Name);
        }

        VideoFacts facts = VideoFacts.Read(ffmpeg.Replace("ffmpeg", "ffprobe", StringComparison.Ordinal), input, terminal.Cancellation);

        // An address may be of a file, which has an end, and whose pictures shall all be seen.
        bool isLive = !input.IsFile && facts.Frames == 0;
        using ChildProgram decoder = ChildProgram.Start(
            ffmpeg, ["-nostdin", "-v", "error", .. input.Arguments, "-map", $"0:{facts.Stream}", "-r", facts.Rate, "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"]);
        using CancellationTokenRegistration ending = terminal.Cancellation.Register(decoder.Kill);
        using FrameReader reader = new(decoder.Output);
        using FrameQueue queue = new(isLive);
        using CancellationTokenSource stop = isLive ? new() : CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
        using FrameSink sink = new(plan, facts, classes, format, ffmpeg, queue, isLive ? terminal.Cancellation : CancellationToken.None);
        Stopwatch clock = Stopwatch.StartNew();
        Task reading = Stage(() => queue.ReadAll(reader, stop.Token), stop);
        Task writing = Stage(() => sink.WriteAll(stop.Token), stop);
        long done = 0;
        try
        {
            foreach (VideoFrame frame in queue.Frames(stop.Token))
            {
                frame.Ids = Segment(frame.Image, input, stop.Token);
                sink.Add(frame);
                done++;
                progress.Within(input.Name, "frames", frame.Index + 1, facts.Frames, Rate(done, clock));
            }

            sink.Complete();
            Task.WaitAll(reading, writing);
        }
        catch (Exception error)
        {
            stop.Cancel();
            decoder.Kill();
            sink.Complete();
            Task.WaitAny([reading], CancellationToken.None);
            Task.WaitAny([writing], CancellationToken.None);

            // Ctrl-C goes to ffmpeg as well, which may end before this program hears of it.
            terminal.Cancellation.WaitHandle.WaitOne(SignalDelay);
            terminal.Cancellation.ThrowIfCancellationRequested();
            Rethrow(input, new[] { reading.Exception?.InnerException, writing.Exception?.InnerException, error });
        }

        int code = decoder.Wait();
        Conclude(plan, facts, isLive, queue.Read, code, input.Hide(decoder.Complaint()), sink);
        terminal.Note(
            isLive && done < queue.Read
                ? $"{input.Name}: {queue.Read} frames, {done} of them segmented, {Rate(done, clock)}"
                : $"{input.Name}: {done} frames, {Rate(done, clock)}");
    }

    /// <summary>Judges what the decoder said and gave, and completes the results.</summary>
    private void Conclude(VideoPlan plan, VideoFacts facts, bool isLive, long frames, int code, string words, FrameSink sink)
    {
        const int EndedBySignal = 255;
        bool interrupted = terminal.Cancellation.IsCancellationRequested || code == EndedBySignal;
        if (interrupted && !isLive)
        {
            // ffmpeg may hear Ctrl-C before this program does.
            throw new OperationCanceledException();
        }

        if (frames == 0)
        {
            throw interrupted ? new OperationCanceledException() : new InputException($"{plan.Input.Name}: ffmpeg could decode no picture of it{words}.");
        }

        sink.Finish(interrupted);
        if (!isLive && (code != 0 || frames < facts.Frames * (1 - Tolerance) - 2))
        {
            throw new InputException(facts.Frames > frames
                ? $"{plan.Input.Name} is damaged or incomplete{words}: {frames} of its {facts.Frames} frames could be decoded, and those are segmented."
                : $"{plan.Input.Name} is damaged{words}: {frames} frames could be decoded, and those are segmented.");
        }
    }

    private LabelMap Segment(RgbImage image, VideoInput input, CancellationToken stop)
    {
        try
        {
            return segmenter.Predict(image, PredictOutputs.Ids, stop).Ids!;
        }
        catch (Exception error) when (PictureFault.Of(error, input.Name) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Runs a stage beside the others; where it fails the others stop.</summary>
    private static Task Stage(Action work, CancellationTokenSource stop) => Task.Run(() =>
    {
        try
        {
            work();
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    });

    /// <summary>Throws the cause, not its consequences.</summary>
    private static void Rethrow(VideoInput input, IEnumerable<Exception?> errors)
    {
        Exception cause = errors.FirstOrDefault(error => error is not (null or OperationCanceledException)) ?? new OperationCanceledException();
        throw cause switch
        {
            InvalidDataException data => new InputException($"{input.Name}: {data.Message}", data),
            InputException fault => new InputException(fault.Message, fault),
            AggregateException { InnerException: { } inner } => inner as InputException ?? cause,
            _ => cause,
        };
    }

    private static string Rate(long frames, Stopwatch clock) =>
        string.Create(CultureInfo.InvariantCulture, $"{frames / Math.Max(clock.Elapsed.TotalSeconds, 0.001):0.0} frames a second");
}
