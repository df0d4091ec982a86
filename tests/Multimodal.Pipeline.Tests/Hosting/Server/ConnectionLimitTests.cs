using System.Net.Sockets;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting.Server;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Hosting.Server;

public sealed class ConnectionLimitTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Connect_IdleConnectionsUpToTheLimit_NewOnesAreClosedAndOldOnesServed()
    {
        await using var host = await StartAsync(("Multimodal:Http:MaxConnectionsPerAddress", "5"));
        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);

        var idle = new List<TcpClient>();
        while (host.Get<ConnectionLimit>().Open < 5)
        {
            idle.Add(await ConnectAsync(host));
            await UntilAsync(() => host.Get<ConnectionLimit>().Open == Math.Min(5, idle.Count + 1));
        }

        Assert.True(await IsRefusedAsync(host));
        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        var metrics = Exposition.Read(await host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));
        Assert.Equal(1, metrics["multimodal_http_connections_refused_total{limit=\"address\"}"]);
        Assert.Contains("New connections are closed because a limit is reached", host.Log, StringComparison.Ordinal);

        idle.ForEach(client => client.Dispose());
        await UntilAsync(() => host.Get<ConnectionLimit>().Open == 1);
        using var served = await ConnectAsync(host);
        await UntilAsync(() => host.Get<ConnectionLimit>().Open == 2);
    }

    [Fact]
    public async Task Connect_NothingSent_IsClosedAfterTheIdleTime()
    {
        await using var host = await StartAsync(("Multimodal:Http:IdleSeconds", "1"));

        using var idle = await ConnectAsync(host);

        Assert.True(await IsClosedAsync(idle));
    }

    [Fact]
    public async Task Connect_HalfAHeader_IsClosedAfterTheHeaderTime()
    {
        await using var host = await StartAsync(("Multimodal:Http:HeaderSeconds", "1"));

        using var slow = await ConnectAsync(host);
        await slow.GetStream().WriteAsync("POST /v1/requests HTTP/1.1\r\nHost: x\r\n"u8.ToArray());

        Assert.True(await IsClosedAsync(slow));
    }

    private static async Task<TcpClient> ConnectAsync(PipelineHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port);
        return client;
    }

    private static async Task<bool> IsRefusedAsync(PipelineHost host)
    {
        try
        {
            using var client = await ConnectAsync(host);
            return await IsClosedAsync(client);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Whether the server closes the connection, possibly after an error response.</summary>
    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        var buffer = new byte[4096];
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            while (await client.GetStream().ReadAsync(buffer, timeout.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }
    }

    private async Task<PipelineHost> StartAsync(params (string, string)[] settings) => await PipelineHost.StartAsync(
        _folder.Path, [ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1)], settings);
}
