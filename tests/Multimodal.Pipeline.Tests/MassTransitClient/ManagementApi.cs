using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>The broker's management API: lists queues and exchanges, and creates accounts.</summary>
internal sealed class ManagementApi : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _virtualHost;

    private ManagementApi(HttpClient http, string virtualHost) => (_http, _virtualHost) = (http, virtualHost);

    public static async Task<ManagementApi> ConnectAsync(BrokerFixture broker, TestTransport transport)
    {
        var settings = (await transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{broker.Process.ManagementPort}/api/")) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("guest:guest"u8));
        return new ManagementApi(http, settings["Multimodal:Transport:Broker:VirtualHost"]);
    }

    /// <summary>All queues and all exchanges except the predefined ones, with their types.</summary>
    public async Task<IReadOnlySet<string>> DeclaredAsync()
    {
        var exchanges = await ListAsync("exchanges");
        var queues = await ListAsync("queues");
        return exchanges.Select(exchange => (Kind: "exchange", Name: Text(exchange, "name"), Type: Text(exchange, "type")))
            .Where(exchange => exchange.Name.Length > 0 && !exchange.Name.StartsWith("amq.", StringComparison.Ordinal))
            .Concat(queues.Select(queue => (Kind: "queue", Name: Text(queue, "name"), Type: Text(queue, "type"))))
            .Select(entry => $"{entry.Type} {entry.Kind} {entry.Name}")
            .ToHashSet();
    }

    /// <summary>Creates an account whose password is its name.</summary>
    public async Task AddAccountAsync(string name, string configure, string write, string read)
    {
        using var made = await _http.PutAsJsonAsync(new Uri($"users/{name}", UriKind.Relative), new { password = name, tags = "" });
        made.EnsureSuccessStatusCode();
        using var allowed = await _http.PutAsJsonAsync(new Uri($"permissions/{_virtualHost}/{name}", UriKind.Relative), new { configure, write, read });
        allowed.EnsureSuccessStatusCode();
    }

    /// <summary>Lists the entries of a kind.</summary>
    /// <param name="kind">exchanges, queues or bindings.</param>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string kind) =>
        (await _http.GetFromJsonAsync<JsonElement[]>(new Uri($"{kind}/{_virtualHost}", UriKind.Relative)))!;

    public void Dispose() => _http.Dispose();

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
