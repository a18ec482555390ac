using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary><c>POST /v1/segment</c>: a picture in, its mask out.</summary>
/// <param name="options">Limits and the way through the network.</param>
/// <param name="engine">The network.</param>
/// <param name="line">Where pictures wait.</param>
/// <param name="bodies">Takes files out of requests.</param>
/// <param name="writer">Makes answers.</param>
/// <param name="draining">Signalled once the server is to stop.</param>
internal sealed class SegmentEndpoint(
    ServerOptions options, IPictureEngine engine, PictureLine line, BodyReader bodies, ResultWriter writer, CancellationToken draining)
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException">It is refused.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        long began = Stopwatch.GetTimestamp();
        RefuseOtherSites(context.Request);
        ResultFormat format = ResultFormats.Of(context.Request);
        int? side = Side(context.Request);
        RequireRunning();
        line.RequireRoom();

        using UploadedFile file = await WithinTime(
            context, cancellation => bodies.ReadAsync(context.Request, cancellation),
            new ProblemException(StatusCodes.Status408RequestTimeout, "upload_timeout", $"The upload took longer than {options.Timeout.TotalSeconds:0.#} s.")).ConfigureAwait(false);
        TimeSpan upload = Stopwatch.GetElapsedTime(began);
        (int width, int height) = line.Size(file.Bytes.Span);
        TestOptions test = MaxSide.Apply(options.Test, width, height, side);
        engine.Require(width, height, test);

        EncodedResult result = await WithinTime(
            context, cancellation => line.RunAsync(file.Bytes, test, upload, picture => writer.Encode(picture, format), cancellation),
            new ProblemException(
                StatusCodes.Status503ServiceUnavailable, "timeout", $"The picture was not done within {options.Timeout.TotalSeconds:0.#} s; try again later, or ask for a smaller max_side.", retryAfter: 10)).ConfigureAwait(false);

        context.Items[RequestLog.PictureKey] = $"{result.Width}x{result.Height}";
        context.Response.Headers["Server-Timing"] = result.Times.ServerTiming;
        context.Response.Headers.Vary = "Accept";
        await Answer.WriteAsync(context, format.ContentType(), result.Body).ConfigureAwait(false);
    }

    /// <summary>Pages of other sites may not put this machine to work; browsers say where a request comes from.</summary>
    private static void RefuseOtherSites(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "cross_site", "Pages of other sites may not use this server.");
        }
    }

    private static int? Side(HttpRequest request)
    {
        if (!request.Query.TryGetValue("max_side", out var text))
        {
            return null;
        }

        return int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= MaxSide.Least and <= MaxSide.Most
            ? side
            : throw new ProblemException(
                StatusCodes.Status400BadRequest, "bad_parameter", $"The parameter max_side must be a whole number from {MaxSide.Least} to {MaxSide.Most}.");
    }

    private void RequireRunning()
    {
        if (draining.IsCancellationRequested)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "stopping", "The server is stopping.", retryAfter: 5);
        }
    }

    /// <summary>Runs work that ends with the client or with the time, and tells the two apart.</summary>
    private async Task<T> WithinTime<T>(HttpContext context, Func<CancellationToken, Task<T>> work, ProblemException late)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(options.Timeout);
        try
        {
            return await work(ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && ends.IsCancellationRequested)
        {
            throw late;
        }
    }
}
