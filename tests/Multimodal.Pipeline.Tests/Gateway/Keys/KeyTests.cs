using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Keys;

/// <summary>Authentication and rate limits.</summary>
public sealed class KeyTests : IAsyncLifetime, IDisposable
{
    private const string Key = "mm_key-without-limits";
    private const string SlowKey = "mm_key-with-a-rate";
    private const string OtherSlowKey = "mm_other-key-with-a-rate";
    private readonly ScratchFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ScriptedExpert _expert = ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PipelineHost.StartAsync(
        _folder.Path,
        new ScriptedEnsemble([_expert]),
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.AddMultimodal();
        },
        ("Multimodal:Keys:plain:Sha256", ApiKey.Sha256(Key)),
        ("Multimodal:Keys:slow:Sha256", ApiKey.Sha256(SlowKey).ToUpperInvariant()),
        ("Multimodal:Keys:slow:RequestsPerSecond", "0.5"),
        ("Multimodal:Keys:slow:Burst", "2"),
        ("Multimodal:Keys:slow-2:Sha256", ApiKey.Sha256(OtherSlowKey)),
        ("Multimodal:Keys:slow-2:RequestsPerSecond", "0.5"));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("Authorization: ")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Bearer mm_wrong")]
    [InlineData("Authorization: Bearer mm_key-without-limits2")]
    [InlineData("Authorization: Bearer mm_key-without-limits, Bearer mm_key-without-limits")]
    [InlineData("Authorization: Bearer MM_KEY-WITHOUT-LIMITS")]
    [InlineData("Authorization: mm_key-without-limits")]
    [InlineData("Authorization: Basic mm_key-without-limits")]
    [InlineData("Authorization: Bearer Bearer mm_key-without-limits")]
    [InlineData("Authorization: =;,,\"")]
    [InlineData("Authorization: Bearer \u00e4\u00f6\u00fc")]
    [InlineData("X-Api-Key: ")]
    [InlineData("X-Api-Key: wrong")]
    [InlineData("X-Api-Key: Bearer mm_key-without-limits")]
    [InlineData("X-Api-Key: mm_key-without-limits\nX-Api-Key: mm_key-without-limits")]
    [InlineData("Authorization: Bearer mm_key-without-limits\nAuthorization: Bearer mm_key-without-limits")]
    [InlineData("X-Api-Key: wrong\nAuthorization: Bearer mm_key-without-limits")]
    public async Task V1_WithoutAKeyItKnows_IsRefused(string? headers)
    {
        foreach (var address in new[] { "GET /v1/experts", "POST /v1/requests", "PUT /v1/requests", "GET /v1/nothing", "GET /V1/Experts", "GET /%76%31/experts" })
        {
            var reply = await RawAsync(address, headers is null ? [] : headers.Split('\n'));

            Assert.StartsWith("HTTP/1.1 401 Unauthorized\r\n", reply, StringComparison.Ordinal);
            Assert.Contains("WWW-Authenticate: Bearer\r\n", reply, StringComparison.Ordinal);
            Assert.Contains("Content-Type: application/problem+json\r\n", reply, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"unauthorized\"", reply, StringComparison.Ordinal);
        }

        Assert.Equal(0, _expert.Asked);
    }

    [Theory]
    [InlineData("Authorization: Bearer mm_key-without-limits")]
    [InlineData("authorization: bEARER   mm_key-without-limits")]
    [InlineData("X-Api-Key: mm_key-without-limits")]
    [InlineData("x-api-key: mm_key-without-limits\nAuthorization: Basic cHJveHk6eA==")]
    public async Task V1_WithAKey_IsOpen(string headers) =>
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await RawAsync("GET /v1/experts", headers.Split('\n')), StringComparison.Ordinal);

    /// <summary>Every address requires a key, unless this list contains it.</summary>
    [Fact]
    public async Task EveryAddress_IsClosed_ButForMachines()
    {
        var open = new List<string>();
        foreach (var endpoint in _host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var address = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            var reply = await RawAsync($"{method} {address.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal).Replace("{name}", "a", StringComparison.Ordinal)}");
            if (!reply.StartsWith("HTTP/1.1 401 ", StringComparison.Ordinal))
            {
                Assert.StartsWith("HTTP/1.1 200 ", reply, StringComparison.Ordinal);
                Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>());
                open.Add(address);
            }
        }

        Assert.Equal(["/health/live", "/health/ready", "/metrics", "/openapi/v1.json"], open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Post_OverTheRate_IsRefusedBeforeItsBodyUntilThereIsAToken()
    {
        using var http = _host.Client(SlowKey);
        var first = await PostAsync(http);
        var second = await PostAsync(http);
        var refused = await PostAsync(http);

        // The client never sends the body and still gets the response.
        var unread = await RawAsync("POST /v1/requests", [$"X-Api-Key: {SlowKey}", "Content-Type: application/json", "Content-Length: 100000"]);
        _time.Advance(TimeSpan.FromMilliseconds(1999));
        var early = await PostAsync(http);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var late = await PostAsync(http);

        Assert.Equal((400, 400, 400), (first.Status, second.Status, late.Status));
        Assert.Equal((429, "rate-limited", "application/problem+json"), (refused.Status, refused.Code, refused.ContentType));
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter!.Delta);
        Assert.StartsWith("HTTP/1.1 429 Too Many Requests\r\n", unread, StringComparison.Ordinal);
        Assert.Equal((429, TimeSpan.FromSeconds(1)), (early.Status, early.Headers.RetryAfter!.Delta));
    }

    [Fact]
    public async Task Rate_IsOfOneKeyAndOfPostedRequestsOnly()
    {
        using var slow = _host.Client(SlowKey);
        using var other = _host.Client(OtherSlowKey);
        using var plain = _host.Client(Key);
        Assert.Equal([400, 400, 429], await StatusesAsync(slow, 3));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(404, (await slow.ReadAsync($"v1/requests/{Guid.NewGuid()}")).Status);
            Assert.Equal(400, (await PostAsync(plain)).Status);
        }

        // Each key has its own bucket; without a setting it holds one request.
        Assert.Equal([400, 429], await StatusesAsync(other, 2));
    }

    [Fact]
    public async Task Refusals_AreCountedByCode()
    {
        using var slow = _host.Client(SlowKey);
        await StatusesAsync(slow, 3);
        await RawAsync("GET /v1/experts");
        var metrics = Exposition.Read(await _host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));

        // Other tests of this process may be counted too.
        Assert.InRange(metrics.Sum("multimodal_requests_refused_total", "code=\"rate-limited\"", "operation=\"PostRequest\"", "status=\"429\""), 1, double.MaxValue);
        Assert.InRange(metrics.Sum("multimodal_requests_refused_total", "code=\"unauthorized\"", "operation=\"GetExperts\"", "status=\"401\""), 1, double.MaxValue);
    }

    [Fact]
    public async Task Keys_AreNeverLogged()
    {
        using var http = _host.Client(Key);
        await PostAsync(http);
        await RawAsync("GET /v1/experts", ["Authorization: Bearer mm_not-a-key"]);

        Assert.NotEmpty(_host.Log);
        Assert.DoesNotContain(Key, _host.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mm_not-a-key", _host.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OpenApi_DescribesTheKeyAndTheOpenAddresses()
    {
        var document = (await _host.Http.ReadAsync("openapi/v1.json")).Json;
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        var paths = document.GetProperty("paths");

        Assert.Equal("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.Equal("X-Api-Key", schemes.GetProperty("apiKey").GetProperty("name").GetString());
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Path: path.Name, operation.Value)))
        {
            var ways = operation.Value.TryGetProperty("security", out var security) ? security.EnumerateArray().SelectMany(way => way.EnumerateObject()).Select(way => way.Name) : [];
            Assert.Equal(operation.Path.StartsWith("/v1/", StringComparison.Ordinal) ? ["bearer", "apiKey"] : [], ways);
        }

        var responses = paths.GetProperty("/v1/requests").GetProperty("post").GetProperty("responses");
        Assert.True(responses.TryGetProperty("401", out _) && responses.TryGetProperty("429", out _));
    }

    /// <summary>
    /// Posts an invalid request (400), which counts towards the limit. With the fake clock no valid request is answered, and the host would
    /// wait for it.
    /// </summary>
    private static async Task<Reply> PostAsync(HttpClient http)
    {
        using var content = new StringContent("{", Encoding.UTF8, "application/json");
        return await http.SendAsync(content, wait: null);
    }

    private static async Task<IReadOnlyList<int>> StatusesAsync(HttpClient http, int posts)
    {
        var statuses = new List<int>();
        for (var i = 0; i < posts; i++)
        {
            statuses.Add((await PostAsync(http)).Status);
        }

        return statuses;
    }

    /// <summary>Sends a request that HttpClient would not send, and returns the raw response.</summary>
    private async Task<string> RawAsync(string methodAndAddress, params IReadOnlyList<string> headers)
    {
        var address = _host.Http.BaseAddress!;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"{methodAndAddress} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));
        var reply = new StringBuilder();
        var buffer = new byte[4096];
        while (!reply.ToString().Contains('}', StringComparison.Ordinal)
            && await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System) is > 0 and var count)
        {
            reply.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return reply.ToString();
    }
}
