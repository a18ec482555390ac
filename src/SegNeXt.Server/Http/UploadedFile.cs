using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>A file that comes in: grows with what arrives, never with what was announced, and counts against limit and budget.</summary>
/// <param name="limit">Most bytes.</param>
/// <param name="budget">What all uploads share.</param>
internal sealed class UploadedFile(long limit, BodyBudget budget) : IDisposable
{
    private const int FirstBytes = 1 << 16;

    private byte[] _bytes = [];
    private long _taken;
    private int _length;

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ProblemException">413 or 503.</exception>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        while (true)
        {
            if (_length == _bytes.Length)
            {
                Grow();
            }

            int read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _length += read;
            if (_length > limit)
            {
                throw TooLarge(limit);
            }
        }
    }

    /// <summary>The refusal of a file that is too large.</summary>
    /// <param name="limit">Most bytes.</param>
    public static ProblemException TooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The picture's file is larger than the {Size(limit)} that this server accepts.");

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Return(_taken);
        _taken = 0;
        _bytes = [];
        _length = 0;
    }

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes / (double)(1 << 20):0.#} MiB" : $"{bytes} bytes";

    private void Grow()
    {
        // One byte more than allowed tells a file of just the limit from a larger one.
        int next = (int)Math.Min(limit + 1, Math.Max(FirstBytes, 2L * _bytes.Length));
        budget.Take(next - _bytes.Length);
        _taken += next - _bytes.Length;
        Array.Resize(ref _bytes, next);
    }
}
