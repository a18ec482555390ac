using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>What <c>GET /v1/model</c> tells: the model, its classes, what the server accepts.</summary>
internal static class ModelJson
{
    /// <summary>Writes it.</summary>
    /// <param name="config">The model.</param>
    /// <param name="options">The limits.</param>
    public static byte[] Write(ModelConfig config, ServerOptions options) => JsonBytes.Write(json =>
    {
        ClassSet classes = ClassSet.Of(config);
        json.WriteStartObject();
        json.WriteString("name", config.Title);
        json.WriteStartArray("classes");
        for (int id = 0; id < classes.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", classes.Names[id]);
            json.WriteString("color", ResultWriter.Css(classes.Palette[id]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("accepts");
        json.WriteStringValue("image/jpeg");
        json.WriteStringValue("image/png");
        json.WriteEndArray();
        json.WriteStartObject("limits");
        json.WriteNumber("bytes", options.MaxBodyBytes);
        json.WriteNumber("pixels", options.MaxPixels);
        json.WriteNumber("queue", options.QueueLength);
        json.WriteNumber("seconds", options.Timeout.TotalSeconds);
        json.WriteNumber("max_side_least", MaxSide.Least);
        json.WriteNumber("max_side_most", MaxSide.Most);
        json.WriteEndObject();
        json.WriteNumber("page_max_side", options.PageMaxSide);
        json.WriteEndObject();
    });
}
