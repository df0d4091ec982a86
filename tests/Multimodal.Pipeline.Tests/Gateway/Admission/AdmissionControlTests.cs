using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Tests.Gateway.Admission;

/// <summary>Slots, and requests that wait for them on their connections.</summary>
public sealed class AdmissionControlTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionControl _admission;
    private readonly Guid _first = Guid.NewGuid();

    public AdmissionControlTests()
    {
        _admission = new AdmissionControl(new InFlightLimit(1, 1), new TransportOptions(), new GatewayOptions(), _time);
        using var slot = _admission.TryEnter(Request("first"), Priority.Normal, out _)!;
        slot.Keep(_first, _time.GetUtcNow() + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task WaitForTurn_ReturnedAtTheTimeTold_WaitsForTheNextSlot()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), await WaitAsync("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var turn = WaitAsync("a");
        Assert.False(turn.IsCompleted);

        _admission.Leave(_first);

        Assert.Null(await turn);
        Assert.NotNull(await WaitAsync("new"));
        Assert.Null(_admission.TryEnter(Request("new"), Priority.Normal, out _));
        using var slot = _admission.TryEnter(Request("a"), Priority.Normal, out _);
        Assert.NotNull(slot);
        Assert.Equal(1, _admission.InFlight);
    }

    [Fact]
    public async Task WaitForTurn_NoSlotBecomesFree_IsRefusedAfterThreeSeconds()
    {
        await WaitAsync("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        var turn = WaitAsync("a");

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.True(await turn >= TimeSpan.FromSeconds(1));
        Assert.Equal(1, _admission.Places);
    }

    [Fact]
    public async Task WaitForTurn_ClientDisconnects_EndsAndKeepsThePlace()
    {
        await WaitAsync("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        using var abort = new CancellationTokenSource();
        var turn = _admission.WaitForTurnAsync(Request("a"), abort.Token).AsTask();

        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        Assert.Equal(1, _admission.Places);
        _admission.Leave(_first);
        Assert.Null(await WaitAsync("a"));
    }

    [Fact]
    public async Task Dispose_NotAccepted_KeepsThePlaceUnlessItEnded()
    {
        await WaitAsync("a");
        _admission.Leave(_first);
        _admission.TryEnter(Request("a"), Priority.Normal, out _)!.Dispose();
        Assert.Equal((0, 1), (_admission.InFlight, _admission.Places));

        using var slot = _admission.TryEnter(Request("a"), Priority.Normal, out _)!;
        slot.EndPlace();

        Assert.Equal((1, 0), (_admission.InFlight, _admission.Places));
    }

    [Fact]
    public void TryEnter_LowBeyondItsShare_IsRefusedWithAPlaceAndNormalIsAdmitted()
    {
        var admission = new AdmissionControl(new InFlightLimit(8, 8), new TransportOptions(), new GatewayOptions(), _time);
        for (var number = 0; number < 2; number++)
        {
            using var low = admission.TryEnter(Request($"low {number}"), Priority.Low, out _)!;
            low.Keep(Guid.NewGuid(), _time.GetUtcNow() + TimeSpan.FromSeconds(5));
        }

        Assert.Null(admission.TryEnter(Request("low 2"), Priority.Low, out var retryAfter));
        Assert.Equal((1.0, 2, 1), (retryAfter.TotalSeconds, admission.InFlight, admission.Places));
        using var normal = admission.TryEnter(Request("normal"), Priority.Normal, out _);
        Assert.NotNull(normal);
    }

    private Task<TimeSpan?> WaitAsync(string request) => _admission.WaitForTurnAsync(Request(request), default).AsTask();

    private static RequestIdentity Request(string name) => new(PlaceKey.Of(name), PlaceKey.Of("client"));
}
