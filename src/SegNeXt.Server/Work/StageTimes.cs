namespace SegNeXt.Server;

/// <summary>Where a picture's time went.</summary>
/// <param name="Upload">From the request's headers to the last byte of its body.</param>
/// <param name="Queue">Waiting for pictures that came before.</param>
/// <param name="Decode">From a JPEG or PNG file to pixels.</param>
/// <param name="Network">From pixels to class ids.</param>
/// <param name="Encode">From class ids to the answer; not known yet in an answer that tells the times itself.</param>
internal readonly record struct StageTimes(TimeSpan Upload, TimeSpan Queue, TimeSpan Decode, TimeSpan Network, TimeSpan Encode = default)
{
    /// <summary>All of it.</summary>
    public TimeSpan Total => Upload + Queue + Decode + Network + Encode;

    /// <summary>The value of a <c>Server-Timing</c> header, which browsers show beside the request.</summary>
    public string ServerTiming =>
        $"upload;dur={Upload.TotalMilliseconds:0.0}, queue;dur={Queue.TotalMilliseconds:0.0}, decode;dur={Decode.TotalMilliseconds:0.0}, " +
        $"network;dur={Network.TotalMilliseconds:0.0}, encode;dur={Encode.TotalMilliseconds:0.0}, total;dur={Total.TotalMilliseconds:0.0}";
}
