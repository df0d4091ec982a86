using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Combiner;

namespace Multimodal.Pipeline.Tests.Units;

public sealed class GatheringTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task WaitAsync_ReplyComes_EndsAndShowsIt()
    {
        var gathering = Asked("a", "b");
        Assert.Empty(gathering.Replies());
        var wait = gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        Assert.False(wait.IsCompleted);

        Assert.True(gathering.Take("a", Declined("a")));

        await wait;
        Assert.Equal(["a"], gathering.Replies().Keys);
        Assert.Equal(["b"], gathering.Missing());
    }

    [Fact]
    public async Task WaitAsync_ReplyCameSinceTheLastLook_EndsAtOnce()
    {
        var gathering = Asked("a", "b");
        Assert.Empty(gathering.Replies());
        gathering.Take("a", Declined("a"));

        Assert.True(gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default).IsCompleted);
        Assert.Single(gathering.Replies());
        var wait = gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        Assert.False(wait.IsCompleted);
        gathering.Take("b", Declined("b"));
        await wait;
    }

    [Fact]
    public async Task WaitAsync_TimeIsUp_Ends()
    {
        var gathering = Asked("a");
        gathering.Replies();
        var wait = gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);

        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        await wait;
        Assert.True(gathering.WaitAsync(TimeSpan.FromSeconds(-1), _time, default).IsCompleted);
    }

    [Fact]
    public void Take_SecondUnaskedOrClosed_ChangesNothing()
    {
        var gathering = Asked("a", "b");
        var first = Declined("a");

        Assert.True(gathering.Take("a", first));
        Assert.False(gathering.Take("a", Declined("a")));
        Assert.False(gathering.Take("z", Declined("z")));
        gathering.Ask(["z"]);
        Assert.True(gathering.Take("z", Declined("z")));
        Assert.Same(first.Declined, gathering.Close()["a"].Declined);
        Assert.False(gathering.Take("b", Declined("b")));
        Assert.Equal(2, gathering.Replies().Count);
    }

    [Fact]
    public void OpenRequests_UnknownRequest_IsIgnored()
    {
        var open = new OpenRequests();
        var request = Guid.NewGuid();
        var first = Asked("a");

        Assert.Same(first, open.Open(request, first));
        Assert.Same(first, open.Open(request, Asked("a")));
        Assert.False(open.Take(Guid.NewGuid(), "a", Declined("a")));
        open.Close(request);
        Assert.False(open.Take(request, "a", Declined("a")));
    }

    private static Gathering Asked(params string[] experts)
    {
        var gathering = new Gathering();
        gathering.Ask(experts);
        return gathering;
    }

    private static Reply Declined(string expert) => new(null, new ExpertDeclined
    {
        RequestId = Guid.Empty,
        Expert = expert,
        Reason = DeclineReason.Overloaded,
        Detail = "Full.",
    });
}
