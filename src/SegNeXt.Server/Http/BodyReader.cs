using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SegNeXt.Server;

/// <summary>Takes the picture's file out of a request: the body itself, or the first file of a form.</summary>
/// <param name="limit">Most bytes of the file.</param>
/// <param name="budget">What all uploads share.</param>
internal sealed class BodyReader(long limit, BodyBudget budget)
{
    /// <summary>What a form may hold around its file.</summary>
    private const int FormBytes = 1 << 16;

    private const int LongestBoundary = 200;

    /// <summary>Reads the file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="ProblemException">400, 408, 413, 415 or 503.</exception>
    public async Task<UploadedFile> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        bool isForm = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        long most = isForm ? limit + FormBytes : limit;

        // The server's own limit would close the connection under clients that are still sending; they are to read why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        if (request.ContentLength > most)
        {
            throw UploadedFile.TooLarge(limit);
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, "content_encoding", "The body must be the picture's file as it is, without a Content-Encoding.");
        }

        UploadedFile file = new(limit, budget);
        try
        {
            await (isForm ? ReadFormAsync(file, request, type!, most, cancellation) : file.ReadAsync(request.Body, cancellation)).ConfigureAwait(false);
            return file;
        }
        catch (BadHttpRequestException error)
        {
            file.Dispose();
            throw new ProblemException(
                error.StatusCode,
                error.StatusCode == StatusCodes.Status408RequestTimeout ? "upload_timeout" : "bad_request",
                error.StatusCode == StatusCodes.Status408RequestTimeout ? "The upload was too slow." : error.Message,
                cause: error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task ReadFormAsync(UploadedFile file, HttpRequest request, MediaTypeHeaderValue type, long most, CancellationToken cancellation)
    {
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
        {
            throw BadForm("The form has no usable boundary in its Content-Type.");
        }

        try
        {
            MultipartReader reader = new(boundary, new LimitedStream(request.Body, most, limit));
            while (await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false) is { } section)
            {
                // What has a file's name is a file, whatever the field is called.
                if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition())
                {
                    await file.ReadAsync(section.Body, cancellation).ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException and not (BadHttpRequestException or ConnectionResetException))
        {
            throw BadForm("The form is damaged or cut short.", error);
        }

        throw BadForm("The form holds no file.");
    }

    private static ProblemException BadForm(string detail, Exception? cause = null) => new(StatusCodes.Status400BadRequest, "bad_form", detail, cause: cause);
}
