using System.Net;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Soak;

/// <summary>Accepts and counts the results that a gateway posts to a webhook.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;
    private int _received;

    public WebhookReceiver()
    {
        Address = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Its address.</summary>
    public string Address { get; }

    /// <summary>Results so far.</summary>
    public int Received => Volatile.Read(ref _received);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.StatusCode = 204;
                context.Response.Close();
                Interlocked.Increment(ref _received);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
