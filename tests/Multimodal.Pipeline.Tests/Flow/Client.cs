using System.Net.Http.Json;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Calls of the HTTP API.</summary>
internal static class Client
{
    /// <summary>Posts a form; <c>options</c> is JSON.</summary>
    public static Task<Reply> PostAsync(
        this HttpClient http, string? text = null, byte[]? image = null, byte[]? audio = null, string? options = null, int? wait = 30) =>
        http.PostAsync(new RequestForm(text, image, audio, options), wait);

    public static async Task<Reply> PostAsync(this HttpClient http, RequestForm form, int? wait = 30)
    {
        var content = new MultipartFormDataContent();
        Add(content, "text", form.Text is null ? null : new StringContent(form.Text));
        Add(content, "image", form.Image is null ? null : new ByteArrayContent(form.Image));
        Add(content, "audio", form.Audio is null ? null : new ByteArrayContent(form.Audio));
        Add(content, "options", form.Options is null ? null : new StringContent(form.Options));
        return await http.SendAsync(content, wait, form.Key);
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
