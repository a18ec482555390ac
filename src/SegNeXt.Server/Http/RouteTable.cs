using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>
/// Which path and method is answered by what. All paths are fixed, so a table is all the routing there is: the framework's own brings
/// megabytes into the published file.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, (string Method, RequestDelegate Answer)> _routes = new(StringComparer.Ordinal);

    /// <summary>What is in the table.</summary>
    public IEnumerable<(string Path, string Method)> All => _routes.Select(static entry => (entry.Key, entry.Value.Method));

    /// <summary>Adds a path that is read, by GET or HEAD.</summary>
    /// <param name="path">The path.</param>
    /// <param name="answer">What answers it.</param>
    public void Get(string path, RequestDelegate answer) => _routes.Add(path, (HttpMethods.Get, answer));

    /// <summary>Adds a path that takes something.</summary>
    /// <param name="path">The path.</param>
    /// <param name="answer">What answers it.</param>
    public void Post(string path, RequestDelegate answer) => _routes.Add(path, (HttpMethods.Post, answer));

    /// <summary>The path of a request as metrics name it, of which there are few: <c>other</c> where there is nothing.</summary>
    /// <param name="request">The request.</param>
    public string NameOf(HttpRequest request) => request.Path.Value is { } path && _routes.TryGetValue(path, out var route) && Takes(route.Method, request.Method) ? path : "other";

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException">404 or 405, or what its answer throws.</exception>
    public Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Path.Value is not { } path || !_routes.TryGetValue(path, out var route))
        {
            throw new ProblemException(StatusCodes.Status404NotFound, "not_found", $"There is nothing at this path; {ApiRoutes.OpenApi} lists what there is.");
        }

        if (!Takes(route.Method, request.Method))
        {
            string allowed = route.Method == HttpMethods.Get ? "GET, HEAD" : route.Method;
            context.Response.Headers.Allow = allowed;
            throw new ProblemException(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This path takes {allowed}, not {request.Method}.");
        }

        return route.Answer(context);
    }

    private static bool Takes(string route, string method) =>
        HttpMethods.Equals(route, method) || (HttpMethods.IsGet(route) && HttpMethods.IsHead(method));
}
