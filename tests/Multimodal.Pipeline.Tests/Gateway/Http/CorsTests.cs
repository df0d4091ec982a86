using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Http;

/// <summary>Calls from web pages of other origins.</summary>
public sealed class CorsTests : IDisposable
{
    private const string Origin = "https://app.example.org";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Preflight_NamedOrigin_IsAllowedWithoutAKey()
    {
        await using var host = await StartAsync(
            ("Multimodal:Http:CorsOrigins", $"{Origin}; http://localhost:3000"),
            ("Multimodal:Keys:web:Sha256", new string('0', 64)));

        var preflight = await SendAsync(host, HttpMethod.Options, "http://localhost:3000", ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,prefer,idempotency-key,content-type"));
        var refused = await SendAsync(host, HttpMethod.Post, Origin);

        Assert.Equal(204, preflight.Status);
        Assert.Equal("http://localhost:3000", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("prefer", Header(preflight, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);

        // A page must be able to read refusals too.
        Assert.Equal((401, Origin), (refused.Status, Header(refused, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Post_NamedOrigin_MayReadTheHeadersOfTheApi()
    {
        await using var host = await StartAsync(("Multimodal:Http:CorsOrigins", Origin));

        var reply = await SendAsync(host, HttpMethod.Post, Origin);

        Assert.Equal(Origin, Header(reply, "Access-Control-Allow-Origin"));
        Assert.All(["Location", "Retry-After"], name => Assert.Contains(name, Header(reply, "Access-Control-Expose-Headers"), StringComparison.Ordinal));
        Assert.Empty(Header(reply, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData(Origin, "https://evil.example.org")]
    [InlineData("", Origin)]
    public async Task Preflight_OtherOrigin_IsNotAllowed(string configured, string origin)
    {
        await using var host = await StartAsync(("Multimodal:Http:CorsOrigins", configured));

        var preflight = await SendAsync(host, HttpMethod.Options, origin, ("Access-Control-Request-Method", "POST"));
        var simple = await SendAsync(host, HttpMethod.Post, origin);

        Assert.All([preflight, simple], reply => Assert.Empty(Header(reply, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://a.example.org,https://b.example.org")]
    public async Task Start_WhatIsNotAnOrigin_IsRefused(string configured)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(("Multimodal:Http:CorsOrigins", configured)));

        Assert.Contains("CorsOrigins", failure.ToString(), StringComparison.Ordinal);
    }

    private static string Header(Reply reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static async Task<Reply> SendAsync(PipelineHost host, HttpMethod method, string origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri("v1/requests", UriKind.Relative));
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("zero");
        }

        using var response = await host.Http.SendAsync(request);
        return await Reply.FromAsync(response);
    }

    private async Task<PipelineHost> StartAsync(params (string, string)[] settings) => await PipelineHost.StartAsync(
        _folder.Path, [ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1)], settings);
}
