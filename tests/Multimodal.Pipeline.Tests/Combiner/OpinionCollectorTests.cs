using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Combiner;

namespace Multimodal.Pipeline.Tests.Combiner;

public sealed class OpinionCollectorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task WaitAsync_ReplyComes_EndsAndShowsIt()
    {
        var collector = Asked("a", "b");
        Assert.Empty(collector.Replies());
        var wait = collector.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        Assert.False(wait.IsCompleted);

        Assert.True(collector.TryAdd("a", Declined("a")));

        await wait;
        Assert.Equal(["a"], collector.Replies().Keys);
        Assert.Equal(["b"], collector.Missing());
    }

    [Fact]
    public async Task WaitAsync_ReplySinceTheLastCheck_CompletesAtOnce()
    {
        var collector = Asked("a", "b");
        Assert.Empty(collector.Replies());
        collector.TryAdd("a", Declined("a"));

        Assert.True(collector.WaitAsync(TimeSpan.FromSeconds(5), _time, default).IsCompleted);
        Assert.Single(collector.Replies());
        var wait = collector.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        Assert.False(wait.IsCompleted);
        collector.TryAdd("b", Declined("b"));
        await wait;
    }

    [Fact]
    public async Task WaitAsync_TimeIsUp_Ends()
    {
        var collector = Asked("a");
        collector.Replies();
        var wait = collector.WaitAsync(TimeSpan.FromSeconds(5), _time, default);

        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        await wait;
        Assert.True(collector.WaitAsync(TimeSpan.FromSeconds(-1), _time, default).IsCompleted);
    }

    [Fact]
    public void Take_SecondUnaskedOrClosed_ChangesNothing()
    {
        var collector = Asked("a", "b");
        var first = Declined("a");

        Assert.True(collector.TryAdd("a", first));
        Assert.False(collector.TryAdd("a", Declined("a")));
        Assert.False(collector.TryAdd("z", Declined("z")));
        collector.Ask(["z"]);
        Assert.True(collector.TryAdd("z", Declined("z")));
        Assert.Same(first.Declined, collector.Close()["a"].Declined);
        Assert.False(collector.TryAdd("b", Declined("b")));
        Assert.Equal(2, collector.Replies().Count);
    }

    [Fact]
    public void PendingRequests_UnknownRequest_IsIgnored()
    {
        var pending = new PendingRequests();
        var request = Guid.NewGuid();
        var first = Asked("a");

        Assert.Same(first, pending.Open(request, first));
        Assert.Same(first, pending.Open(request, Asked("a")));
        Assert.False(pending.TryAdd(Guid.NewGuid(), "a", Declined("a")));
        pending.Close(request);
        Assert.False(pending.TryAdd(request, "a", Declined("a")));
    }

    private static OpinionCollector Asked(params string[] experts)
    {
        var collector = new OpinionCollector();
        collector.Ask(experts);
        return collector;
    }

    private static Reply Declined(string expert) => new(null, new ExpertDeclined
    {
        RequestId = Guid.Empty,
        Expert = expert,
        Reason = DeclineReason.Overloaded,
        Detail = "Full.",
    });
}
