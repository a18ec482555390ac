using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Server;

/// <summary>
/// The way of pictures through the server: one is decoded, one is in the network with all its threads, one is encoded, and a bounded
/// number waits as files. Nobody goes on before the next place is free, so three pictures at most are held in pixels.
/// </summary>
/// <remarks>Decoding and encoding take a thread each beside the network's; docs/serve.md has what that overlap is worth.</remarks>
/// <param name="engine">The network.</param>
/// <param name="queueLength">How many may wait beside the one at work.</param>
/// <param name="maxPixels">Most pixels of a picture.</param>
/// <param name="metrics">Counts.</param>
internal sealed class PictureLine(IPictureEngine engine, int queueLength, long maxPixels, ServerMetrics metrics) : IDisposable
{
    /// <summary>How errors begin.</summary>
    private const string Name = "The picture";

    private readonly ImageReadOptions _reading = new() { MaxPixels = maxPixels };
    private readonly SemaphoreSlim _decoder = new(1, 1);
    private readonly SemaphoreSlim _network = new(1, 1);
    private readonly SemaphoreSlim _encoder = new(1, 1);
    private int _inside;
    private double _secondsEach;

    /// <summary>Pictures in the line, the one at work included.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Refuses while there is no room, before an upload is read in vain.</summary>
    /// <exception cref="ProblemException">429.</exception>
    public void RequireRoom()
    {
        if (Inside > queueLength)
        {
            throw Full();
        }
    }

    /// <summary>Reads the header of a file, and refuses a picture of another kind, a damaged header, too many pixels.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Columns and rows, upright.</returns>
    /// <exception cref="ProblemException">400, 413 or 415.</exception>
    public (int Width, int Height) Size(ReadOnlySpan<byte> file)
    {
        try
        {
            return ImageFile.ReadSize(file, Name, _reading);
        }
        catch (InputException error)
        {
            throw Refusal(error);
        }
    }

    /// <summary>Takes a picture through: decodes, segments, encodes.</summary>
    /// <param name="file">The file, whose header has been looked at.</param>
    /// <param name="test">How it goes through the network.</param>
    /// <param name="upload">What its upload took.</param>
    /// <param name="encode">Makes the answer.</param>
    /// <param name="cancellation">The client has gone, or the time is up.</param>
    /// <exception cref="ProblemException">400, 413, 415, 429 or 503.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<EncodedResult> RunAsync(
        ReadOnlyMemory<byte> file, TestOptions test, TimeSpan upload, Func<SegmentedPicture, ReadOnlyMemory<byte>> encode, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _inside) > queueLength + 1)
        {
            Interlocked.Decrement(ref _inside);
            throw Full();
        }

        Laps laps = new();
        try
        {
            RgbImage image;
            LabelMap ids;
            TimeSpan decoding, network, queue;
            await _decoder.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                queue = laps.Next();
                image = await OnOwnThread(() => ImageFile.ReadRgb(file.Span, Name, _reading), cancellation).ConfigureAwait(false);
                decoding = laps.Next();
                await _network.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                _decoder.Release();
            }

            try
            {
                queue += laps.Next();
                ids = await OnOwnThread(() => engine.Segment(image, test, cancellation), cancellation).ConfigureAwait(false);
                network = laps.Next();
                await _encoder.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                _network.Release();
            }

            try
            {
                queue += laps.Next();
                StageTimes times = new(upload, queue, decoding, network);
                ReadOnlyMemory<byte> body = await OnOwnThread(() => encode(new SegmentedPicture(image, ids, times)), cancellation).ConfigureAwait(false);
                times = times with { Encode = laps.Next() };
                Note(times);
                metrics.PictureDone(image.Width, image.Height, times);
                return new EncodedResult(body, image.Width, image.Height, times);
            }
            finally
            {
                _encoder.Release();
            }
        }
        catch (InputException error)
        {
            throw Refusal(error);
        }
        catch (OutOfMemoryException error)
        {
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable, "out_of_memory", "There is not enough memory for this picture at the moment; try again, or send a smaller one.", RetryAfter, error);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _network.Dispose();
        _encoder.Dispose();
    }

    /// <summary>A guess of the seconds until the line has moved on by its length.</summary>
    private int RetryAfter => (int)Math.Clamp(Math.Ceiling(Volatile.Read(ref _secondsEach) * Inside), 1, 60);

    private ProblemException Full() => new(
        StatusCodes.Status429TooManyRequests, "queue_full", $"The server has all that it can do ({Inside} pictures are waiting or at work); try again in {RetryAfter} s.", RetryAfter);

    private void Note(StageTimes times)
    {
        // The slowest place says how fast the line moves; a race of two updates loses one, which a guess can stand.
        double seconds = Math.Max(times.Network.TotalSeconds, Math.Max(times.Decode.TotalSeconds, times.Encode.TotalSeconds));
        double before = Volatile.Read(ref _secondsEach);
        Volatile.Write(ref _secondsEach, before == 0 ? seconds : (0.8 * before) + (0.2 * seconds));
    }

    private static ProblemException Refusal(InputException error) => error switch
    {
        TooManyPixelsException => new(StatusCodes.Status413PayloadTooLarge, "too_many_pixels", error.Message, cause: error),
        UnknownPictureException => new(StatusCodes.Status415UnsupportedMediaType, "unsupported_picture", error.Message, cause: error),
        _ => new(StatusCodes.Status400BadRequest, "bad_picture", error.Message, cause: error),
    };

    /// <summary>Long work away from the pool, whose few threads answer everybody else meanwhile.</summary>
    private static Task<T> OnOwnThread<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A watch that tells the time since it was last asked.</summary>
    private sealed class Laps
    {
        private long _last = Stopwatch.GetTimestamp();

        public TimeSpan Next()
        {
            long now = Stopwatch.GetTimestamp();
            TimeSpan lap = Stopwatch.GetElapsedTime(_last, now);
            _last = now;
            return lap;
        }
    }
}
