using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>Writes whole answers.</summary>
internal static class Answer
{
    /// <summary>Writes a body of known length; for HEAD its length alone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">The content's type.</param>
    /// <param name="body">The content.</param>
    public static Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        response.ContentType = type;
        response.ContentLength = body.Length;
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = "no-store";
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
