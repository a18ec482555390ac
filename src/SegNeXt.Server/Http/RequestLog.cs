using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>
/// The outermost layer: counts each request, writes its line, turns a refusal into its answer, and lets no exception out.
/// </summary>
/// <param name="metrics">Counts.</param>
/// <param name="routes">What answers requests.</param>
/// <param name="log">Takes a line each, or null.</param>
internal sealed class RequestLog(ServerMetrics metrics, RouteTable routes, Action<string>? log)
{
    /// <summary>Under this key a request keeps its picture's size for the line.</summary>
    public const string PictureKey = "picture";

    private const int LongestPath = 200;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        long began = Stopwatch.GetTimestamp();
        metrics.Begin();
        string fault = "";
        int code;
        try
        {
            (code, fault) = await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception error) when (IsGone(context, error))
        {
            code = ProblemException.ClientGone;
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(began);
        metrics.End(routes.NameOf(context.Request), code, duration);
        log?.Invoke(Line(context, code, duration, fault));
    }

    private async Task<(int Code, string Fault)> AnswerAsync(HttpContext context)
    {
        ProblemException problem;
        try
        {
            SecurityHeaders.Add(context.Response.Headers);
            await routes.AnswerAsync(context).ConfigureAwait(false);
            return (context.Response.StatusCode, "");
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

        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // Too late for an answer of its own: whoever still reads must not take half of one for the whole.
            context.Abort();
            return (ProblemException.ClientGone, Fault(problem));
        }

        await problem.WriteAsync(context).ConfigureAwait(false);
        return (problem.Status, Fault(problem));
    }

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
