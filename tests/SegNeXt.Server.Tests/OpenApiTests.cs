using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>The OpenAPI document says what the server does.</summary>
public sealed class OpenApiTests
{
    private static readonly byte[] s_png = PngWriter.EncodeRgb(TestServer.Street(64, 48));
    private static readonly JsonElement s_document = JsonDocument.Parse(PageFiles.Read("openapi.json")).RootElement;

    [Fact]
    public async Task Document_Paths_AreThoseThatThereAre()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true));
        JsonElement served = await (await server.Client.GetAsync("openapi.json")).JsonAsync();
        Assert.Equal("3.1.0", served.GetProperty("openapi").GetString());
        Assert.True(JsonElement.DeepEquals(served, s_document));

        (string Path, string Method)[] described =
            [.. s_document.GetProperty("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject().Select(method => (path.Name, method.Name)))];
        (string Path, string Method)[] mapped =
            [.. server.Server.Routes.Where(static route => !IsPage(route.Path)).Select(static route => (route.Path, route.Method.ToLowerInvariant()))];
        Assert.Equal(mapped.Order(), described.Order());

        static bool IsPage(string path) => path == "/" || PageFiles.Names.Contains(path[1..]);
    }

    [Fact]
    public async Task Document_Answers_HaveTheFormDescribed()
    {
        await using TestServer server = await TestServer.WithAsync(new GatedEngine(isOpen: true), new() { MaxBodyBytes = 1 << 20 });
        Matches(Schema("Model"), await (await server.Client.GetAsync("v1/model")).JsonAsync(), "model");
        Matches(Schema("Segmentation"), await (await server.PostAsync(s_png, "?format=json")).JsonAsync(), "segmentation");
        foreach ((byte[] file, string query) in ((byte[], string)[])[([], ""), ([1], ""), (s_png, "?format=x"), (new byte[(1 << 20) + 1], "")])
        {
            HttpResponseMessage refused = await server.PostAsync(file, query);
            JsonElement responses = s_document.GetProperty("paths").GetProperty("/v1/segment").GetProperty("post").GetProperty("responses");
            JsonElement response = Resolve(responses.GetProperty(((int)refused.StatusCode).ToString()));
            JsonElement problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
            Matches(Schema("Problem"), problem, "problem");
            Assert.Contains(problem.GetProperty("code").GetString()!, response.GetProperty("description").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Document_References_LeadSomewhere()
    {
        string text = System.Text.Encoding.UTF8.GetString(PageFiles.Read("openapi.json"));
        MatchCollection references = Regex.Matches(text, "\"\\$ref\": \"([^\"]+)\"");
        Assert.NotEmpty(references);
        Assert.All(references, reference => Find(reference.Groups[1].Value));
    }

    [Fact]
    public void Document_Bounds_AreTheCodes()
    {
        JsonElement side = s_document.GetProperty("paths").GetProperty("/v1/segment").GetProperty("post").GetProperty("parameters")[1].GetProperty("schema");
        Assert.Equal((MaxSide.Least, MaxSide.Most), (side.GetProperty("minimum").GetInt32(), side.GetProperty("maximum").GetInt32()));
    }

    private static JsonElement Schema(string name) => Find($"#/components/schemas/{name}");

    private static JsonElement Resolve(JsonElement element) => element.TryGetProperty("$ref", out JsonElement reference) ? Find(reference.GetString()!) : element;

    private static JsonElement Find(string reference) =>
        reference.Split('/').Skip(1).Aggregate(s_document, static (element, name) => element.GetProperty(name));

    /// <summary>As much of JSON Schema as the document uses; properties that it does not describe are faults too.</summary>
    private static void Matches(JsonElement schema, JsonElement value, string where)
    {
        schema = Resolve(schema);
        string type = schema.GetProperty("type").GetString()!;
        bool fits = type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Number,
        };
        Assert.True(fits, $"{where} is no {type}: {value}");
        if (schema.TryGetProperty("pattern", out JsonElement pattern))
        {
            Assert.Matches(pattern.GetString()!, value.GetString());
        }

        if (schema.TryGetProperty("minimum", out JsonElement least))
        {
            Assert.True(value.GetDouble() >= least.GetDouble(), where);
        }

        if (schema.TryGetProperty("maximum", out JsonElement most))
        {
            Assert.True(value.GetDouble() <= most.GetDouble(), where);
        }

        if (type == "array")
        {
            Assert.All(value.EnumerateArray(), item => Matches(schema.GetProperty("items"), item, where + "[]"));
        }

        if (type == "object")
        {
            Assert.All(schema.GetProperty("required").EnumerateArray(), name => Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{where} lacks {name}"));
            foreach (JsonProperty property in value.EnumerateObject())
            {
                Assert.True(schema.GetProperty("properties").TryGetProperty(property.Name, out JsonElement inner), $"{where}.{property.Name} is not described");
                Matches(inner, property.Value, $"{where}.{property.Name}");
            }
        }
    }
}
