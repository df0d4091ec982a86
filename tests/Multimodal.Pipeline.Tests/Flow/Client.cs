using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Calls of the HTTP API.</summary>
internal static class Client
{
    /// <summary>Posts a form; <c>options</c> is JSON.</summary>
    public static async Task<Reply> PostAsync(
        this HttpClient http, string? text = null, byte[]? image = null, byte[]? audio = null, string? options = null, int? wait = 30, string? key = null)
    {
        var form = new MultipartFormDataContent();
        Add(form, "text", text is null ? null : new StringContent(text));
        Add(form, "image", image is null ? null : new ByteArrayContent(image));
        Add(form, "audio", audio is null ? null : new ByteArrayContent(audio));
        Add(form, "options", options is null ? null : new StringContent(options));
        return await http.SendAsync(form, wait, key);
    }

    public static async Task<Reply> SendAsync(this HttpClient http, HttpContent content, int? wait = 30, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = content };
        Prefer(request, wait);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    public static async Task<Reply> ReadAsync(this HttpClient http, string address, int? wait = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.RelativeOrAbsolute));
        Prefer(request, wait);
        using var response = await http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    public static async Task<Reply> FeedbackAsync(this HttpClient http, string id, object feedback)
    {
        using var response = await http.PostAsJsonAsync($"v1/requests/{id}/feedback", feedback);
        return await Reply.FromAsync(response);
    }

    public static async Task<Reply> SubscribeAsync(this HttpClient http, object subscription)
    {
        using var response = await http.PostAsJsonAsync("v1/subscriptions", subscription);
        return await Reply.FromAsync(response);
    }

    public static async Task<Reply> EndAsync(this HttpClient http, string subscription)
    {
        using var response = await http.DeleteAsync(new Uri($"v1/subscriptions/{subscription}", UriKind.Relative));
        return await Reply.FromAsync(response);
    }

    private static void Prefer(HttpRequestMessage request, int? wait)
    {
        if (wait is { } seconds)
        {
            request.Headers.Add("Prefer", $"wait={seconds}");
        }
    }

    private static void Add(MultipartFormDataContent form, string name, HttpContent? content)
    {
        if (content is not null)
        {
            form.Add(content, name);
        }
    }
}

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
