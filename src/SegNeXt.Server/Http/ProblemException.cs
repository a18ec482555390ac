using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>Why a request is refused: a status, a word for programs and a sentence for people.</summary>
internal sealed class ProblemException : Exception
{
    /// <summary>Creates a refusal.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="code">A stable word for programs.</param>
    /// <param name="detail">One sentence.</param>
    /// <param name="retryAfter">Seconds after which another attempt may succeed, or null.</param>
    /// <param name="cause">The exception behind it.</param>
    public ProblemException(int status, string code, string detail, int? retryAfter = null, Exception? cause = null)
        : base(detail, cause) => (Status, Code, RetryAfter) = (status, code, retryAfter);

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>A stable word for programs.</summary>
    public string Code { get; }

    /// <summary>Seconds after which another attempt may succeed, or null.</summary>
    public int? RetryAfter { get; }

    /// <summary>Nobody listens any more; logged and counted, never sent.</summary>
    public const int ClientGone = 499;

    /// <summary>Writes the answer: <c>application/problem+json</c> (RFC 9457).</summary>
    /// <param name="context">The request, whose answer has not begun.</param>
    public Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }

        byte[] body = JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("status", Status);
            json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status));
            json.WriteString("code", Code);
            json.WriteString("detail", Message);
            json.WriteEndObject();
        });
        return Answer.WriteAsync(context, "application/problem+json", body);
    }
}
