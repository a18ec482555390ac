using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SegNeXt.Server;

/// <summary>What a request wants back.</summary>
internal enum ResultFormat
{
    /// <summary>A grey PNG whose values are class ids.</summary>
    Ids,

    /// <summary>JSON: classes with shares, and a run-length mask of each.</summary>
    Json,

    /// <summary>A PNG of the picture under the classes' colours, with a legend.</summary>
    Overlay,
}

/// <summary>Finds out what a request wants back.</summary>
internal static class ResultFormats
{
    /// <summary>The query's <c>format</c>, or else the best of the <c>Accept</c> header, or else ids.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ProblemException">400 for an unknown word, 406 where nothing acceptable can be had.</exception>
    public static ResultFormat Of(HttpRequest request)
    {
        if (request.Query.TryGetValue("format", out var format))
        {
            return format.ToString() switch
            {
                "png" => ResultFormat.Ids,
                "json" => ResultFormat.Json,
                "overlay" => ResultFormat.Overlay,
                _ => throw new ProblemException(StatusCodes.Status400BadRequest, "bad_parameter", "The parameter format must be png, json or overlay."),
            };
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted) || accepted.Count == 0)
        {
            return ResultFormat.Ids;
        }

        foreach (MediaTypeHeaderValue type in accepted.Where(static type => type.Quality != 0).OrderByDescending(static type => type, MediaTypeHeaderValueComparer.QualityComparer))
        {
            if (type.MatchesAllTypes || type.MatchesMediaType("image/png") || type.MediaType.Equals("image/*", StringComparison.OrdinalIgnoreCase))
            {
                return ResultFormat.Ids;
            }

            if (type.MatchesMediaType("application/json") || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase))
            {
                return ResultFormat.Json;
            }
        }

        throw new ProblemException(StatusCodes.Status406NotAcceptable, "not_acceptable", "The answer can be image/png or application/json.");
    }

    /// <summary>The content's type.</summary>
    /// <param name="format">The format.</param>
    public static string ContentType(this ResultFormat format) => format == ResultFormat.Json ? "application/json" : "image/png";
}
