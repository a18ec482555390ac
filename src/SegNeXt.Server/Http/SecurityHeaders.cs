using Microsoft.AspNetCore.Http;

namespace SegNeXt.Server;

/// <summary>What every answer tells a browser: nothing from other hosts, no guessing of types, no use by other sites.</summary>
internal static class SecurityHeaders
{
    /// <summary>Adds them.</summary>
    /// <param name="headers">Those of an answer that has not begun.</param>
    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = PageFiles.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
