using System.Net;
using System.Net.Sockets;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Hosting.Server;

/// <summary>HTTP/1.1 and HTTP/2 without TLS on one port.</summary>
public sealed class PriorKnowledgeTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private readonly ScratchFolder _folder = new();
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PipelineHost.StartAsync(
        _folder.Path,
        [ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1)],
        ("Multimodal:Http:IdleSeconds", "30"));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_BothProtocols_AreServedOnTheSamePort()
    {
        using var http2 = new HttpClient
        {
            BaseAddress = _host.Http.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var ready = await http2.GetAsync(new Uri("health/ready", UriKind.Relative));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => (number % 2 == 0 ? http2 : _host.Http).PostAsync("zero", SampleMedia.Png(200))));
        var missing = await http2.ReadAsync("v1/requests/none");

        Assert.Equal(HttpVersion.Version20, ready.Version);
        Assert.All(replies, reply => Assert.Equal((200, "completed"), (reply.Status, reply.Text("status"))));
        Assert.Equal((404, "request-not-found"), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task Connect_PrefaceByteByByte_IsHttp2()
    {
        using var client = await ConnectAsync();
        client.NoDelay = true;
        foreach (var value in Preface)
        {
            await client.GetStream().WriteAsync(new[] { value });
            await client.GetStream().FlushAsync();
        }

        await client.GetStream().WriteAsync(Settings);
        var frame = new byte[9];
        await client.GetStream().ReadExactlyAsync(frame);

        Assert.Equal(4, frame[3]);
    }

    [Theory]
    [InlineData("PRIX / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("PRI * HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405")]
    public async Task Connect_OtherBytes_AreHttp1(string request, string expected)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith(expected, await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ConnectionThatHasSentNothing_IsClosedGracefully()
    {
        using var idle = await ConnectAsync();
        using var half = await ConnectAsync();
        await half.GetStream().WriteAsync(Preface.AsMemory(0, 5));
        await _host.Http.ReadAsync("health/ready");

        await _host.StopAsync();

        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1]));
        Assert.DoesNotContain("failed to close gracefully", _host.Log, StringComparison.Ordinal);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_host.Http.BaseAddress!.Host, _host.Http.BaseAddress.Port);
        return client;
    }
}
