using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Combiner;

namespace Multimodal.Pipeline.Tests.Units;

public sealed class GatheringTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task WaitAsync_AllReplied_EndsAtOnce()
    {
        var gathering = new Gathering(["a", "b"]);
        var wait = gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);

        Assert.True(gathering.Take("a", Declined("a")));
        Assert.False(wait.IsCompleted);
        Assert.True(gathering.Take("b", Declined("b")));

        Assert.Equal(2, (await wait).Count);
    }

    [Fact]
    public async Task WaitAsync_DeadlineComes_EndsWithWhatThereIs()
    {
        var gathering = new Gathering(["a", "b"]);
        var wait = gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        gathering.Take("a", Declined("a"));

        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal(["a"], (await wait).Keys);
        Assert.False(gathering.Take("b", Declined("b")));
    }

    [Fact]
    public async Task WaitAsync_DeadlinePassedOrNobodyAsked_EndsAtOnce()
    {
        Assert.Empty(await new Gathering(["a"]).WaitAsync(TimeSpan.FromSeconds(-1), _time, default));
        Assert.Empty(await new Gathering([]).WaitAsync(TimeSpan.FromSeconds(5), _time, default));
    }

    [Fact]
    public async Task Take_SecondOrUnasked_ChangesNothing()
    {
        var gathering = new Gathering(["a"]);
        var first = Declined("a");

        Assert.True(gathering.Take("a", first));
        Assert.False(gathering.Take("a", Declined("a")));
        Assert.False(gathering.Take("z", Declined("z")));

        var replies = await gathering.WaitAsync(TimeSpan.FromSeconds(5), _time, default);
        Assert.Same(first.Declined, Assert.Single(replies).Value.Declined);
    }

    [Fact]
    public void OpenRequests_UnknownRequest_IsIgnored()
    {
        var open = new OpenRequests();
        var request = Guid.NewGuid();
        var first = new Gathering(["a"]);

        Assert.Same(first, open.Open(request, first));
        Assert.Same(first, open.Open(request, new Gathering(["a"])));
        Assert.False(open.Take(Guid.NewGuid(), "a", Declined("a")));
        open.Close(request);
        Assert.False(open.Take(request, "a", Declined("a")));
    }

    private static Reply Declined(string expert) => new(null, new ExpertDeclined
    {
        RequestId = Guid.Empty,
        Expert = expert,
        Reason = DeclineReason.Overloaded,
        Detail = "Full.",
    });
}
