using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>The page: a few small files that are part of the program.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    /// <summary>
    /// Nothing from anywhere else, no script or style inside the page, no frame around it; pictures that the page makes itself are
    /// blobs.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Assembly s_assembly = typeof(PageFiles).Assembly;

    /// <summary>The files' names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. s_assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(static name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>Adds their routes; the page itself is <c>/</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void Map(RouteTable routes)
    {
        foreach (string name in Names)
        {
            byte[] content = Read(Prefix + name);
            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"";
            string type = ContentType(name);
            routes.Get(name == Index ? "/" : "/" + name, context => AnswerAsync(context, type, tag, content));
        }
    }

    /// <summary>The bytes of an embedded file.</summary>
    /// <param name="name">The resource's name.</param>
    public static byte[] Read(string name)
    {
        using Stream stream = s_assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static Task AnswerAsync(HttpContext context, string type, string tag, byte[] content)
    {
        // Kept by the browser, asked for each time: a new version of the program shows at once.
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return Answer.WriteAsync(context, type, content);
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
