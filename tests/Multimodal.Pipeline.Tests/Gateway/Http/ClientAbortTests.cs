using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Http;

/// <summary>Clients that close their connection before the response.</summary>
public sealed class ClientAbortTests : IAsyncLifetime, IDisposable
{
    private const string HalfAForm = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 500\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nze";
    private const string Waiting = "Prefer: wait=60\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nzero";
    private readonly ScratchFolder _folder = new();
    private readonly KeptLog _log = new();
    private readonly TaskCompletionSource _release = new();
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PipelineHost.StartAsync(
            _folder.Path,
            new ScriptedEnsemble([ScriptedExpert.Waits("t", Modality.Text, _release.Task, 0.8, 0.1, 0.1)]),
            builder =>
            {
                builder.Logging.AddProvider(_log);
                builder.AddMultimodal();
            },
            ("Multimodal:Gateway:MinInFlight", "64"));
        _log.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _host.DisposeAsync();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(HalfAForm, true)]
    [InlineData(HalfAForm, false)]
    [InlineData("Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"text\"", true)]
    [InlineData("Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"text\"", false)]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"te", false)]
    [InlineData("Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n\u001f", false)]
    [InlineData(Waiting, true)]
    [InlineData(Waiting, false)]
    public async Task Close_BeforeTheResponse_IsCountedAndLoggedOnce(string request, bool isReset)
    {
        const int Clients = 20;
        var clients = new List<TcpClient>();
        for (var number = 0; number < Clients; number++)
        {
            clients.Add(await BeginAsync($"POST /v1/requests HTTP/1.1\r\nHost: x\r\n{request}"));
        }

        await UntilAsync(() => Task.FromResult(_log.Entries.Count(entry => entry.Message.StartsWith("Request starting", StringComparison.Ordinal) && entry.Message.Contains("POST", StringComparison.Ordinal)) >= Clients));
        clients.ForEach(client => Close(client, isReset));

        await UntilAsync(async () => await CountAsync("PostRequest") == Clients);
        AssertQuiet();
        Assert.Equal(Clients, _log.Entries.Count(entry => entry is { Level: LogLevel.Debug } && entry.Message.StartsWith("The client closed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Close_EventStream_IsNotAFailure()
    {
        await _host.Http.SubscribeAsync(new { name = "live", kind = "events" });
        using var client = await BeginAsync("GET /v1/events?subscription=live HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.GetStream().ReadExactlyAsync(new byte[100]);

        Close(client, isReset: true);

        await UntilAsync(() => Task.FromResult(_host.Get<Pipeline.Gateway.Events.EventStreams>().Count == 0));
        await UntilAsync(() => Task.FromResult(_log.Entries.Any(entry => entry.Message.Contains("/v1/events", StringComparison.Ordinal) && entry.Message.StartsWith("Request finished", StringComparison.Ordinal))));
        AssertQuiet();
        Assert.Equal(0, await CountAsync("GetEvents"));
    }

    [Fact]
    public async Task Cancel_StreamOfHttp2_IsCounted()
    {
        using var http = new HttpClient { BaseAddress = _host.Http.BaseAddress, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = new StringContent("zero") };
        request.Headers.Add("Prefer", "wait=60");
        var sending = http.SendAsync(request, cancel.Token);
        await UntilAsync(() => Task.FromResult(_host.Get<Pipeline.Gateway.Admission.AdmissionControl>().InFlight == 1));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await UntilAsync(async () => await CountAsync("PostRequest") == 1);
        AssertQuiet();
    }

    private void AssertQuiet() => Assert.Empty(_log.Failures);

    private async Task<double> CountAsync(string operation)
    {
        var metrics = Exposition.Read(await _host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));
        var series = $"multimodal_requests_refused_total{{code=\"client-closed\",operation=\"{operation}\",status=\"499\"}}";
        return metrics.Series.Contains(series) ? metrics[series] : 0;
    }

    private async Task<TcpClient> BeginAsync(string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_host.Http.BaseAddress!.Host, _host.Http.BaseAddress.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(request));
        return client;
    }

    private static void Close(TcpClient client, bool isReset)
    {
        client.LingerState = new LingerOption(isReset, 0);
        client.Dispose();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }
}
