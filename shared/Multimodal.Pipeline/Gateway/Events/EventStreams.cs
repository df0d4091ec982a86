using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>The open event streams of this gateway, up to a maximum.</summary>
internal sealed class EventStreams(IHostApplicationLifetime lifetime, EventOptions options, GatewayOptions gatewayOptions, TimeProvider time)
{
    private int _count;

    /// <summary>Number of open streams.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Runs a stream if the maximum is not reached, until the client or this process ends it.</summary>
    public async Task<IResult> RunAsync(HttpContext http, Func<EventStream, CancellationToken, Task> write)
    {
        if (Interlocked.Increment(ref _count) > options.MaxStreams)
        {
            Interlocked.Decrement(ref _count);
            return Problems.TooManyStreams(gatewayOptions.RetryAfterSeconds);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(http.Response, TimeSpan.FromSeconds(options.SlowSeconds), time);
        try
        {
            await write(stream, end.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            stream.AddComment("the gateway is shutting down; reconnect");
            await stream.FlushAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }

        return Results.Empty;
    }
}
