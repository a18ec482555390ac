namespace SegNeXt.Server;

/// <summary>The paths of the API; <c>openapi.json</c> describes each.</summary>
internal static class ApiRoutes
{
    /// <summary>A picture in, its mask out.</summary>
    public const string Segment = "/v1/segment";

    /// <summary>Classes, colours, limits.</summary>
    public const string Model = "/v1/model";

    /// <summary>The OpenAPI document.</summary>
    public const string OpenApi = "/openapi.json";

    /// <summary>Whether the process lives.</summary>
    public const string Health = "/healthz";

    /// <summary>Whether requests should be sent here.</summary>
    public const string Ready = "/readyz";

    /// <summary>Figures for Prometheus.</summary>
    public const string Metrics = "/metrics";
}
