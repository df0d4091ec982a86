using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Gateway.Events;

namespace Multimodal.Pipeline.Tests.Gateway.Events;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Flush_ClientReads_GetsWhatWasAdded()
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var stream = new EventStream(http.Response, TimeSpan.FromSeconds(10), new FakeTimeProvider());

        stream.Begin("7-1");
        stream.AddComment("heartbeat");
        stream.Add("7-2", "result", "{}");
        stream.Add(null, "gap", "1");

        Assert.True(await stream.FlushAsync());
        Assert.True(await stream.FlushAsync());
        var text = System.Text.Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
        Assert.Equal("retry: 2000\nid: 7-1\n\n: heartbeat\n\nid: 7-2\nevent: result\ndata: {}\n\nevent: gap\ndata: 1\n\n", text);
        Assert.Equal("no-store", http.Response.Headers.CacheControl);
    }

    [Fact]
    public async Task Flush_ClientDoesNotRead_IsCutOff()
    {
        var (time, body, lifetime) = (new FakeTimeProvider(), new FullStream(), new Lifetime());
        var http = new DefaultHttpContext { Response = { Body = body } };
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        var stream = new EventStream(http.Response, TimeSpan.FromSeconds(10), time);
        stream.AddComment("heartbeat");

        var flush = stream.FlushAsync();
        await body.IsWaiting.Task;
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(flush.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await flush);
        Assert.True(lifetime.IsAborted);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    /// <summary>A connection whose buffers are full.</summary>
    private sealed class FullStream : MemoryStream
    {
        public TaskCompletionSource IsWaiting { get; } = new();

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            IsWaiting.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
