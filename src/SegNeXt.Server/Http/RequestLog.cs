using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SegNeXt.Server;

/// <summary>
/// The outermost layer: counts each request, writes its line, turns a refusal into its answer, and lets no exception out.
/// </summary>
/// <param name="metrics">Counts.</param>
/// <param name="log">Takes a line each, or null.</param>
internal sealed class RequestLog(ServerMetrics metrics, Action<string>? log)
{
    /// <summary>Under this key a request keeps its picture's size for the line.</summary>
    public const string PictureKey = "picture";

    private const int LongestPath = 200;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        long began = Stopwatch.GetTimestamp();
        metrics.Begin();
        string fault = "";
        int code;
        try
        {
            (code, fault) = await AnswerAsync(context, next).ConfigureAwait(false);
        }
        catch (Exception error) when (IsGone(context, error))
        {
            code = ProblemException.ClientGone;
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(began);
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
        metrics.End(route, code, duration);
        log?.Invoke(Line(context, code, duration, fault));
    }

    private static async Task<(int Code, string Fault)> AnswerAsync(HttpContext context, RequestDelegate next)
    {
        ProblemException? problem;
        try
        {
            await next(context).ConfigureAwait(false);
            problem = Missing(context);
        }
        catch (ProblemException refusal)
        {
            problem = refusal;
        }
        catch (BadHttpRequestException error)
        {
            problem = new ProblemException(error.StatusCode, "bad_request", error.Message, cause: error);
        }
        catch (Exception error) when (!IsGone(context, error))
        {
            problem = new ProblemException(StatusCodes.Status500InternalServerError, "internal", "The server has a fault; its log says more.", cause: error);
        }

        if (problem is null)
        {
            return (context.Response.StatusCode, "");
        }

        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // Too late for an answer of its own: whoever still reads must not take half of one for the whole.
            context.Abort();
            return (ProblemException.ClientGone, Fault(problem));
        }

        await problem.WriteAsync(context).ConfigureAwait(false);
        return (problem.Status, Fault(problem));
    }

    /// <summary>What routing left without a body: no such path, or a path without such a method.</summary>
    private static ProblemException? Missing(HttpContext context) => context.Response switch
    {
        { HasStarted: true } => null,
        { StatusCode: StatusCodes.Status404NotFound } => new(StatusCodes.Status404NotFound, "not_found", $"There is nothing at this path; {ApiRoutes.OpenApi} lists what there is."),
        { StatusCode: StatusCodes.Status405MethodNotAllowed } => new(
            StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This path takes {context.Response.Headers.Allow}, not {context.Request.Method}."),
        _ => null,
    };

    private static bool IsGone(HttpContext context, Exception error) =>
        context.RequestAborted.IsCancellationRequested || error is OperationCanceledException or ConnectionResetException or ConnectionAbortedException;

    private static string Fault(ProblemException problem) =>
        $" {problem.Code}" + (problem.Status == StatusCodes.Status500InternalServerError ? $": {problem.InnerException}" : "");

    private static string Line(HttpContext context, int code, TimeSpan duration, string fault)
    {
        HttpRequest request = context.Request;
        string size = context.Items.TryGetValue(PictureKey, out object? picture) ? $" {picture}" : "";
        IPAddress? from = context.Connection.RemoteIpAddress;
        return Clean($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {from} {request.Method} {Short(request.Path + request.QueryString)} {code}{size} {duration.TotalMilliseconds:0.0} ms{fault}");
    }

    private static string Short(string path) => path.Length <= LongestPath ? path : path[..LongestPath] + "…";

    /// <summary>One line, whatever a client has sent.</summary>
    private static string Clean(string line)
    {
        StringBuilder clean = new(line.Length);
        foreach (char letter in line)
        {
            clean.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return clean.ToString();
    }
}
