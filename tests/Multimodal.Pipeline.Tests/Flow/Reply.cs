using System.Net.Http.Headers;
using System.Text.Json;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A response with its body.</summary>
internal sealed record Reply(int Status, HttpResponseHeaders Headers, string? ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.GetProperty("code").GetString();

    public string Id => Json.GetProperty("id").GetString()!;

    public string? Text(string name) => Json.GetProperty(name).GetString();

    public JsonElement Expert(string name) => Json.GetProperty("experts").EnumerateArray().Single(expert => expert.GetProperty("name").GetString() == name);

    public string? StateOf(string name) => Expert(name).GetProperty("state").GetString();

    public string? ReasonOf(string name) => Expert(name).GetProperty("reason").GetString();

    public static async Task<Reply> FromAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
}
