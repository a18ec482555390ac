using System.Net;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Server.Tests;

/// <summary>Reads answers.</summary>
internal static class Answers
{
    /// <summary>The class ids of an answer that is a PNG.</summary>
    public static async Task<LabelMap> IdsAsync(this HttpResponseMessage response)
    {
        await response.ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        return ImageFile.ReadLabel(await response.Content.ReadAsByteArrayAsync(), "answer");
    }

    /// <summary>An answer that is JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        await response.ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>Asserts a refusal: a status, a word, and a sentence that holds certain words.</summary>
    public static async Task ShouldBeRefusedAsync(this HttpResponseMessage response, HttpStatusCode status, string code, params string[] words)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.EndsWith(".", detail, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, detail, StringComparison.Ordinal));
    }

    /// <summary>The map that run-length masks make up; every pixel must be in just one.</summary>
    public static LabelMap Assemble(JsonElement result)
    {
        LabelMap map = new(result.GetProperty("width").GetInt32(), result.GetProperty("height").GetInt32());
        Array.Fill(map.Ids, LabelMap.Ignore);
        foreach (JsonElement entry in result.GetProperty("classes").EnumerateArray())
        {
            JsonElement mask = entry.GetProperty("mask");
            Assert.Equal([map.Height, map.Width], mask.GetProperty("size").EnumerateArray().Select(static side => side.GetInt32()));
            byte id = entry.GetProperty("id").GetByte();
            int position = 0, pixels = 0;
            bool inside = false;
            foreach (int count in mask.GetProperty("counts").EnumerateArray().Select(static count => count.GetInt32()))
            {
                for (int end = position + count; position < end; position++)
                {
                    ref byte pixel = ref map.Ids[(position % map.Height * map.Width) + (position / map.Height)];
                    Assert.False(inside && pixel != LabelMap.Ignore, "Two masks hold one pixel.");
                    pixel = inside ? id : pixel;
                    pixels += inside ? 1 : 0;
                }

                inside = !inside;
            }

            Assert.Equal(map.Ids.Length, position);
            Assert.Equal(pixels, entry.GetProperty("pixels").GetInt32());
            Assert.Equal((double)pixels / map.Ids.Length, entry.GetProperty("share").GetDouble(), 5);
        }

        Assert.DoesNotContain(LabelMap.Ignore, map.Ids);
        return map;
    }

    private static async Task ShouldBeAsync(this HttpResponseMessage response, HttpStatusCode status) =>
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {(response.StatusCode == status ? "" : await response.Content.ReadAsStringAsync())}");
}
